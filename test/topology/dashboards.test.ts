import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { busyCauses } from '#domain/errors.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { inboxKinds } from '#domain/inbox.ts'
import { processNames } from '#domain/processes.ts'
import { differenceClasses } from '#domain/reconciliation/difference.ts'
import { erpSteps } from './erp-steps.ts'
import { ofType, type Resources, resourcesOf } from './resources.ts'

const Dashboard = z.looseObject({ DashboardName: z.string(), DashboardBody: z.unknown() })
const prod = await resourcesOf('prod')

/** What a dashboard shows, by its name. */
function bodyOf(name: string, resources: Resources = prod): string {
  const all = ofType(resources, 'AWS::CloudWatch::Dashboard', Dashboard)
  const found = all.find(([, { DashboardName }]) => DashboardName === name)
  if (found === undefined) throw new Error(`There is no dashboard ${name}`)
  return JSON.stringify(found[1].DashboardBody).replaceAll('\\', '')
}

describe('the dashboard of the ERP account', () => {
  const body = bodyOf('postonce-erp-tryton')

  it.each(['interactive', 'event', 'batch'])('shows calls and longest wait of the lane %s', (lane) => {
    for (const metric of ['ErpCalls', 'ErpWait', 'ErpSlotTime']) {
      expect(body).toContain(`"Postonce","${metric}","account","tryton","lane","${lane}","service","postonce"`)
    }
  })

  it.each(busyCauses)('shows who was turned away because it is %s', (why) => {
    expect(body).toContain(`"ErpTurnedAway","account","tryton","service","postonce","why","${why}"`)
  })

  it('shows how much is used of each limit of the account', () => {
    expect(body).toContain(
      '(FILL(interactiveErpSlotTime, 0) + FILL(eventErpSlotTime, 0) + FILL(batchErpSlotTime, 0)) / 240',
    )
    expect(body).toContain('(FILL(interactiveErpCalls, 0) + FILL(eventErpCalls, 0) + FILL(batchErpCalls, 0)) / 1800')
  })
})

describe('the dashboard of the hub', () => {
  const body = bodyOf('postonce-hub')

  it.each(['retryable', 'in-doubt', 'poison', 'bug', 'business', 'stopped'])(
    'shows failures of the class %s',
    (name) => {
      expect(body).toContain(`"Postonce","Failure","class","${name}","service","postonce"`)
    },
  )

  it.each(differenceClasses)('shows differences of the class %s', (name) => {
    expect(body).toContain(`"Postonce","DifferenceOfClass","class","${name}","service","postonce"`)
  })

  it.each(['InboxAge', 'ParkedAge', 'DeadLetterAge', 'DifferenceAge'])('shows how old the oldest is: %s', (metric) => {
    expect(body).toContain(`"Postonce","${metric}","service","postonce"`)
  })

  it('shows what needs a person, what is parked, and how many dead letters wait', () => {
    for (const kind of inboxKinds)
      expect(body).toContain(`"Postonce","InboxOpened","kind","${kind}","service","postonce"`)
    for (const metric of ['NeedsPerson', 'SignalParked']) {
      expect(body).toContain(`"Postonce","${metric}","service","postonce"`)
    }
    expect(body).toContain('"AWS/SQS","ApproximateNumberOfMessagesVisible","QueueName"')
  })

  it('shows the silence of every schedule but the one that tells it', () => {
    const schedules = flowCatalog.filter(({ channel, name }) => channel.kind === 'schedule' && name !== 'flow-watch')
    expect(schedules.length).toBeGreaterThan(3)
    for (const { name } of schedules) expect(body).toContain(`"FlowSilence","flow","${name}","service","postonce"`)
  })
})

describe.each(processNames)('the dashboard of %s', async (process) => {
  const body = bodyOf(`postonce-${process}`, await resourcesOf('prod', process))
  const flows = flowCatalog.filter((flow) => flow.process === process)

  it.each(flows)(
    'shows what is heard of $name and how long it takes, and its silence if events are expected',
    (flow) => {
      const event = 'event' in flow.channel ? flow.channel.event : ''
      expect(body).toContain(`"EventHeard","event","${event}","service","postonce"`)
      expect(body).toContain(`"FlowLatency","event","${event}","service","postonce"`)
      expect(body).toContain('"stat":"p95"')
      const silence = `"FlowSilence","flow","${flow.name}","service","postonce"`
      expect(body.includes(silence)).toBe(typeof flow.expected !== 'string')
    },
  )

  it('shows how executions end, and what of that was recorded', () => {
    for (const metric of ['Started', 'Succeeded', 'Failed', 'Aborted', 'TimedOut']) {
      expect(body).toContain(`"AWS/States","Executions${metric}"`)
    }
    expect(body).toContain(`"FailureRecorded","process","${process}"`)
  })

  it('shows which steps are in doubt', () => {
    for (const step of erpSteps[process]) {
      expect(body).toContain(`"StepFailed","class","in-doubt","service","postonce","stage","${step}"`)
    }
  })
})
