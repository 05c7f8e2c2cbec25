import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { processNames } from '#domain/processes.ts'
import { lambdaEntries } from '../../lib/bundle.ts'
import { erpAccountOf, readEnvironment, settingsBytes, taskTimeoutSeconds } from '../../lib/environment.ts'
import { fileOf, lambdasOf, readMachine } from '../../lib/state-machine.ts'
import { erpSteps } from './erp-steps.ts'
import { ofType, resourcesOf } from './resources.ts'

const { times, retention } = readEnvironment('prod')
const { slots } = erpAccountOf(readEnvironment('prod')).limits

const isProcess = (folder: string) => processNames.some((name) => name === folder)

describe.each(processNames)('with %s', async (process) => {
  const prod = await resourcesOf('prod', process)
  const functions = ofType(
    prod,
    'AWS::Lambda::Function',
    z.looseObject({
      Role: z.string(),
      Timeout: z.number(),
      LoggingConfig: z.object({ LogFormat: z.literal('JSON'), LogGroup: z.string() }),
      Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
      ReservedConcurrentExecutions: z.number().optional(),
    }),
  ).map(
    ([name, properties]) =>
      [
        name
          .replace(
            /^(FailureRecording|Inbox|DeadLetterClearing|Sweeping|AuditSealing|Reconciliation|FlowWatching|ErpWatching)/,
            '',
          )
          .replace(/Function$/, ''),
        properties,
      ] as const,
  )
  const steps = functions.filter(([name]) => lambdasOf(readMachine(process)).includes(name))

  describe('the Lambdas', () => {
    it('are the files, one for one', () => {
      const files = lambdaEntries()
        .filter(({ folder }) => folder === process || !isProcess(folder))
        .map(({ name }) => name)
      expect(functions.map(([name]) => fileOf(name)).sort()).toEqual(files.sort())
    })

    it.each(functions)('%s runs on Node 24 and arm64 with active tracing', (_name, properties) => {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      })
    })

    it.each(functions)('%s leaves room in its environment for what an environment may tell it', (_name, properties) => {
      // Of these lib/environment.ts counts what they hold; their names count as well.
      const counted = ['PURCHASING', 'ERP_CALENDAR', 'FOUR_EYES_ABOVE', 'SELF_REPAIR']
      // A name or URL that AWS makes stands for each reference.
      const made = (value: string) => value.replace(/<[^>]*>/g, '-'.repeat(100))
      const texts = Object.entries(properties.Environment.Variables).map(([name, value]) =>
        counted.includes(name) ? name : name + made(value),
      )
      const bytes = Buffer.byteLength(texts.join(''))
      expect(bytes).toBeLessThanOrEqual(4096 - settingsBytes)
    })

    it('have a role and a log group of their own, which the environment says how long to keep', () => {
      expect(new Set(functions.map(([, { Role }]) => Role)).size).toBe(functions.length)
      expect(new Set(functions.map(([, { LoggingConfig }]) => LoggingConfig.LogGroup)).size).toBe(functions.length)
      const groups = ofType(
        prod,
        'AWS::Logs::LogGroup',
        z.object({ RetentionInDays: z.number(), KmsKeyId: z.string() }),
      )
      expect(groups.map(([name]) => `<${name}>`)).toEqual(
        expect.arrayContaining(functions.map(([, { LoggingConfig }]) => LoggingConfig.LogGroup)),
      )
      for (const [, group] of groups) expect(group).toEqual({ RetentionInDays: retention.logDays, KmsKeyId: '<Key>' })
    })

    it.each(steps)('%s ends before its lease does, and its lease before the Task', (_name, step) => {
      expect(step.Timeout).toBe(times.lambdaTimeoutSeconds)
      const { CLIENT_TIMEOUT_MS, LEASE_MS } = step.Environment.Variables
      expect(Number(CLIENT_TIMEOUT_MS)).toBeLessThan(step.Timeout * 1000)
      expect(step.Timeout * 1000).toBeLessThan(Number(LEASE_MS))
      expect(Number(LEASE_MS)).toBeLessThanOrEqual(taskTimeoutSeconds * 1000)
    })

    it('have time, where cases sleep until the ERP is back, to ask for them and then to wake them', () => {
      const [, watcher] = functions.find(([name]) => name === 'WatchErp') ?? []
      expect(watcher?.Timeout).toBe(times.lambdaTimeoutSeconds + 60)
    })

    it('know the connector and its secret if they write to the ERP, and then only a few run at once', () => {
      const writers = steps.filter(([, { Environment }]) => Environment.Variables.ERP_SECRET !== undefined)
      expect(writers.map(([name]) => name)).toEqual(erpSteps[process])
      for (const [name, properties] of functions) {
        const writes = writers.some(([writer]) => writer === name)
        // As many as hold a slot of the ERP account or wait for one.
        // One looks documents up that a person names, one compares the books, and is at it once, one asks whether it is back.
        const knows = writes || ['ApplyDecision', 'ReconcileBooks', 'WatchErp'].includes(name)
        const atOnce = name === 'ReconcileBooks' ? 1 : undefined
        expect([name, properties.ReservedConcurrentExecutions]).toEqual([name, writes ? slots + 2 : atOnce])
        expect([name, properties.Environment.Variables.ERP_CONNECTOR]).toEqual([name, knows ? 'tryton' : undefined])
      }
    })
  })
})
