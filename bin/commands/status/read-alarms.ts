import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch'

/** An alarm that is on. */
export interface AlarmThatIsOn {
  /** As docs/operate.md calls it. */
  readonly name: string
  /** What it means, and the first command. */
  readonly says: string
}

export async function alarmsThatAreOn(): Promise<readonly AlarmThatIsOn[]> {
  const pages = paginateDescribeAlarms(
    { client: new CloudWatchClient({}) },
    { StateValue: 'ALARM', AlarmNamePrefix: 'Postonce' },
  )
  const alarms: AlarmThatIsOn[] = []
  for await (const { MetricAlarms = [] } of pages) {
    alarms.push(
      ...MetricAlarms.map(({ AlarmName = '', AlarmDescription = '' }) => alarmOf(AlarmName, AlarmDescription)),
    )
  }
  return alarms.sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** CloudFormation's name has the stack before what nobody can look up, and two hashes behind it (lib/alarm.ts: the text). */
export function alarmOf(id: string, text: string): AlarmThatIsOn {
  const [, name = id] = /^[^-]+-(?:Hub)?Alarms(\w+?)[0-9A-F]{8}-\w+$/.exec(id) ?? []
  return { name, says: text.replace(/ Harm: .*?(?= First: )/s, '') }
}
