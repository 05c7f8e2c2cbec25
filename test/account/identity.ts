import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge'

/** Whose credentials these are, and where they lead. */
export interface Identity {
  readonly accountId: string
  readonly region: string
  /** Set when AWS_ENDPOINT_URL leads somewhere else than to AWS. */
  readonly endpoint: string | undefined
}

/** Why nothing was begun. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted'
}

/** Asks for the default event bus, whose name has the account in it: nothing is created by asking. */
export async function readIdentity(region: string | undefined, environment: NodeJS.ProcessEnv): Promise<Identity> {
  if (region === undefined || region === '') throw new NotStarted('No region: set AWS_REGION, or give --region.')
  const client = new EventBridgeClient({ region, maxAttempts: 2 })
  try {
    await client.config.credentials()
  } catch (cause) {
    throw new NotStarted(
      'No AWS credentials were found. Set AWS_PROFILE (aws sso login --profile …) or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      { cause },
    )
  }
  try {
    const { Arn } = await client.send(new DescribeEventBusCommand({}))
    const accountId = Arn?.split(':')[4]
    if (accountId === undefined) throw new Error(`The default event bus has the name ${Arn}.`)
    return { accountId, region, endpoint: environment.AWS_ENDPOINT_URL }
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new NotStarted(`AWS does not answer these credentials in ${region}. ${reason}`, { cause })
  }
}
