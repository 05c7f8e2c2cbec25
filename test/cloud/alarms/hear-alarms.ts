import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch'
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'

/** What CloudWatch tells a topic: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html */
const Told = z.object({
  AlarmName: z.string(),
  NewStateValue: z.string(),
  StateChangeTime: z.string(),
  AlarmDescription: z.string().nullish(),
})
export type Told = z.output<typeof Told>

/** Hears what whoever subscribes to the hub's two topics is told, since the hub was deployed. */
export async function hearAlarms() {
  const [cloudwatch, sqs] = [new CloudWatchClient({}), new SQSClient({})]
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'on-call' }))
  const told: Told[] = []

  /** @returns how many messages there were */
  const receive = async (): Promise<number> => {
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 })
    const { Messages = [] } = await sqs.send(command)
    for (const { Body = '', ReceiptHandle } of Messages) {
      told.push(Told.parse(JSON.parse(Body)))
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    }
    return Messages.length
  }

  return {
    told,
    /** The names of the alarms that are on. */
    async areOn(): Promise<readonly string[]> {
      return (await all(cloudwatch))
        .filter(({ StateValue }) => StateValue === 'ALARM')
        .map(({ AlarmName = '' }) => AlarmName)
        .sort()
    },
    /** All that was told until now. */
    async soFar(): Promise<readonly Told[]> {
      while ((await receive()) > 0);
      return told
    },
    /** The message that says that the alarm is in that state, which came since, or comes until then. */
    async until(alarm: string, state: 'ALARM' | 'OK', untilMs: number, since = 0): Promise<Told> {
      for (;;) {
        // Whether it is in time says its own clock: on a busy machine it may be read later.
        const isLate = Date.now() > untilMs
        const received = await receive()
        const found = told.slice(since).find((one) => one.AlarmName.includes(alarm) && one.NewStateValue === state)
        if (found !== undefined && Date.parse(found.StateChangeTime) <= untilMs) return found
        if (found !== undefined || (isLate && received === 0)) {
          const names = told.slice(since).map((one) => `${one.AlarmName} ${one.NewStateValue} ${one.StateChangeTime}`)
          const limit = new Date(untilMs).toISOString()
          throw new Error(`${alarm} was not ${state} until ${limit}; told were ${names.join(', ') || 'none'}`)
        }
      }
    },
  }
}

async function all(client: CloudWatchClient): Promise<readonly MetricAlarm[]> {
  const alarms: MetricAlarm[] = []
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) alarms.push(...MetricAlarms)
  return alarms
}
