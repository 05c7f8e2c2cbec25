import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { signalEvents, startingEvents } from '#domain/events.ts'
import { processes, processNames } from '#domain/processes.ts'
import { ofType, resourcesOf } from './resources.ts'

const Rule = z.object({
  EventBusName: z.string().optional(),
  EventPattern: z.unknown().optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string(),
  Targets: z.array(
    z.object({
      Arn: z.string(),
      DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
      RetryPolicy: z
        .object({ MaximumRetryAttempts: z.number(), MaximumEventAgeInSeconds: z.number().optional() })
        .optional(),
    }),
  ),
})
/** Each event that somebody takes, in whichever order. */
function isEvery(known: readonly string[]): boolean {
  const all = [...Object.keys(startingEvents), ...Object.keys(signalEvents), 'DecisionMade']
  return known.toSorted().join() === all.toSorted().join()
}

describe.each(processNames)('with %s', async (process) => {
  const prod = await resourcesOf('prod', process)
  const rules = ofType(prod, 'AWS::Events::Rule', Rule)
  const [, started] = rules.find(([name]) => name === 'Started') ?? []
  const [, signalled] = rules.find(([name]) => name === 'Signalled') ?? []

  const starting = Object.entries(startingEvents).filter(([, event]) => event.process === process)
  const signals = Object.entries(signalEvents).filter(([, { document }]) => document === processes[process].document)
  const names = (events: readonly (readonly [string, unknown])[]) => events.map(([name]) => name)

  describe('the bus', () => {
    it('is called postonce, for publishers in any language, and encrypted with the key of the hub', () => {
      expect(ofType(prod, 'AWS::Events::EventBus', z.unknown())).toEqual([
        ['Bus', expect.objectContaining({ Name: 'postonce', KmsKeyIdentifier: '<Key>' })],
      ])
    })

    it('archives for a year what systems say, and nothing that the hub says, so that a replay never publishes that again', () => {
      expect(prod.Archive?.Properties).toMatchObject({
        SourceArn: '<Bus>',
        EventPattern: { source: [{ 'anything-but': ['postonce'] }] },
        RetentionDays: 365,
        KmsKeyIdentifier: '<Key>',
      })
    })
  })

  describe('the rules', () => {
    it('are these, and all enabled', () => {
      expect(rules.map(([name, { State }]) => [name, State])).toEqual([
        ['FailureRecordingFailedExecution', 'ENABLED'],
        ['UnknownEventsUnknownEvent', 'ENABLED'],
        ['InboxDecisionMade', 'ENABLED'],
        ['DeadLetterClearingClear', 'ENABLED'],
        ['SweepingSweep', 'ENABLED'],
        ['ErpWatchingWatch', 'ENABLED'],
        ['AuditSealingSeal', 'ENABLED'],
        ['ReconciliationReconcile', 'ENABLED'],
        ['FlowWatchingWatch', 'ENABLED'],
        ['Started', 'ENABLED'],
        ['Signalled', 'ENABLED'],
      ])
    })

    it.each(rules)('%s loses nothing: each target has the dead letters behind it and a retry policy', (_name, rule) => {
      expect(rule.Targets.length).toBeGreaterThan(0)
      for (const target of rule.Targets) {
        // What cannot start a machine is started from a queue, which has the dead letters behind itself.
        expect(target.DeadLetterConfig).toEqual({ Arn: target.Arn === '<Machine>' ? '<Undelivered>' : '<DeadLetters>' })
        // A sweep that failed is followed by the next one a minute later; an event is not.
        const attempts = rule.ScheduleExpression === undefined ? 185 : 1
        expect(target.RetryPolicy?.MaximumRetryAttempts).toBe(attempts)
      }
    })

    it('start the machine for exactly the starting events of the catalogue, and never for what the hub says', () => {
      expect(started?.EventBusName).toBe('<Bus>')
      expect(started?.EventPattern).toEqual({
        source: [{ 'anything-but': ['postonce'] }],
        'detail-type': names(starting),
      })
      expect(started?.Targets.map(({ Arn }) => Arn)).toEqual(['<Machine>'])
    })

    it('queue exactly the signal events of the catalogue', () => {
      expect(signalled?.EventBusName).toBe('<Bus>')
      expect(signalled?.EventPattern).toEqual({
        source: [{ 'anything-but': ['postonce'] }],
        'detail-type': names(signals),
      })
      expect(signalled?.Targets.map(({ Arn }) => Arn)).toEqual(['<Signals>'])
    })

    it('queue what people decide, whichever program they use', () => {
      const [, decided] = rules.find(([name]) => name === 'InboxDecisionMade') ?? []
      expect(decided?.EventBusName).toBe('<Bus>')
      expect(decided?.EventPattern).toEqual({ 'detail-type': ['DecisionMade'] })
      expect(decided?.Targets.map(({ Arn }) => Arn)).toEqual(['<InboxDecisions>'])
    })

    it('make a dead letter of every kind of event that no process waits for', () => {
      const [, unknown] = rules.find(([name]) => name === 'UnknownEventsUnknownEvent') ?? []
      expect(unknown?.EventPattern).toEqual({
        source: [{ 'anything-but': ['postonce'] }],
        'detail-type': [{ 'anything-but': expect.toSatisfy((known: readonly string[]) => isEvery(known)) }],
      })
      expect(unknown?.Targets.map(({ Arn }) => Arn)).toEqual(['<DeadLetters>'])
    })

    it.each([
      ['sweep', 'SweepingSweep', 'rate(1 minute)', 'SweepingSweepCases'],
      ['ask whether the ERP is back', 'ErpWatchingWatch', 'rate(1 minute)', 'ErpWatchingWatchErp'],
      ['look for silent flows', 'FlowWatchingWatch', 'rate(1 minute)', 'FlowWatchingWatchFlows'],
      ['clear the dead letters', 'DeadLetterClearingClear', 'rate(5 minutes)', 'DeadLetterClearingClearDeadLetters'],
      ['look whether a day is to be sealed', 'AuditSealingSeal', 'rate(1 hour)', 'AuditSealingSealAudit'],
      [
        'look whether books are to be compared',
        'ReconciliationReconcile',
        'rate(15 minutes)',
        'ReconciliationReconcileBooks',
      ],
    ])('%s by the clock', (_what, rule, ScheduleExpression, runs) => {
      const FunctionName = `<${runs}Function>`
      expect(prod[rule]?.Properties).toMatchObject({
        ScheduleExpression,
        Targets: [{ Arn: FunctionName, Input: '{}' }],
      })
      const permissions = ofType(prod, 'AWS::Lambda::Permission', z.looseObject({ FunctionName: z.string() }))
      expect(permissions.filter(([, one]) => one.FunctionName === FunctionName)).toEqual([
        [expect.any(String), expect.objectContaining({ Principal: 'events.amazonaws.com', SourceArn: `<${rule}>` })],
      ])
      expect(permissions).toHaveLength(6)
    })
  })
})
