import { userInfo } from 'node:os'
import { CommandError, InputError } from '../terminal/explain.ts'

/**
 * Who decides: in an account, the identity of the AWS credentials, whatever else is said; on the local cloud, which knows
 * no identities, a name.
 */
export async function callerOf(environment: string, named: string | undefined): Promise<string> {
  if (environment === 'local' || process.env.AWS_ENDPOINT_URL) return named ?? userInfo().username
  if (named !== undefined) {
    throw new InputError('--by is for the local cloud: in an account a decision is that of your AWS identity.')
  }
  // Loaded only here: it is needed for accounts alone.
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
  const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}))
  if (Arn === undefined) throw new CommandError('AWS does not say who you are; log in again.')
  return Arn
}
