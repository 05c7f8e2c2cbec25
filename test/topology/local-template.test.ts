import { describe, expect, it } from 'vitest'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { processNames } from '#domain/processes.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { type Resources, resourcesOf } from './resources.ts'

function missingFrom(one: Resources, other: Resources): [string, string][] {
  return Object.entries(other).flatMap(([name, { Type }]) => (one[name] === undefined ? [[name, Type]] : []))
}

describe.each(processNames)('the template of the local cloud, with %s', async (process) => {
  const prod = await resourcesOf('prod', process)
  const local = await resourcesOf('local', process)

  it('lacks what its CloudFormation refuses, the mail address that local.json has not, and the silence of events that nobody expects there', () => {
    const { alarmEmail, expectsEvents } = readEnvironment('local')
    expect([alarmEmail, expectsEvents]).toEqual([undefined, false])
    const silences = flowCatalog
      .filter((flow) => flow.process === process && typeof flow.expected !== 'string')
      .map(({ name }) => [`AlarmsFlowSilent${name.replaceAll('-', '')}`, 'AWS::CloudWatch::Alarm'])
    expect(missingFrom(local, prod)).toEqual([
      ['Archive', 'AWS::Events::Archive'],
      ['Alarmsoncallexamplecom', 'AWS::SNS::Subscription'],
      ['Noticesintegrationexamplecom', 'AWS::SNS::Subscription'],
      ['HubAlarmsHubEventNotDelivered', 'AWS::CloudWatch::Alarm'],
      ['AlarmsFailureNotRecorded', 'AWS::CloudWatch::Alarm'],
      ['AlarmsEventNotDelivered', 'AWS::CloudWatch::Alarm'],
      ...silences,
    ])
  })

  it('has nothing that an account has not', () => {
    expect(missingFrom(prod, local)).toEqual([])
  })

  it('differs otherwise in the values of the configuration only', () => {
    const differing = Object.keys(local).filter((name) => plain(local, name) !== plain(prod, name))
    expect(differing).toEqual([])
  })
})

/** Properties of a resource without what environments/*.json decides: times, retention, and the account of local.json. */
function plain(resources: Resources, name: string): string {
  const text = JSON.stringify(resources[name]?.Properties, (key, value: unknown) =>
    decided.includes(key) || key === 'ERP_LIMITS' || key.endsWith('_MS') ? '(configured)' : value,
  )
  return text
    .replaceAll(/<AWS::Partition>|(?<=arn:)aws(?=:)/g, 'PARTITION')
    .replaceAll(/<AWS::Region>|us-east-1/g, 'REGION')
    .replaceAll(/<AWS::AccountId>|000000000000/g, 'ACCOUNT')
    .replaceAll(/ -e (local|prod)(?=")/g, ' -e ENVIRONMENT')
    .replaceAll(/\\"IntervalSeconds\\":\d+/g, '')
}

// A dashboard shows the limits of the ERP account, and as many of a step may run at once as those allow.
const decided = [
  'DashboardBody',
  'ReservedConcurrentExecutions',
  'RetentionInDays',
  'DeletionProtectionEnabled',
  'Timeout',
  'VisibilityTimeout',
  'S3Key',
  'S3Bucket',
]
