import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { busyNames, notAppliedNames, perhapsAppliedNames } from '#domain/errors.ts'
import { parse } from '#domain/schema.ts'
import { awaitErp } from './await-erp.ts'
import type { Environment } from './environment.ts'

const State = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  Catch: z.array(z.looseObject({ ErrorEquals: z.array(z.string()) })).optional(),
  Next: z.string().optional(),
  TimeoutSeconds: z.union([z.number(), z.string()]).optional(),
  Arguments: z.looseObject({ Payload: z.record(z.string(), z.unknown()).optional() }).optional(),
})
export type State = z.output<typeof State>
const Machine = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), State) })
export type Machine = z.output<typeof Machine>

const folder = new URL('../state-machines/', import.meta.url)

/** The machine as it is written. */
export function readMachine(process: string): Machine {
  return parse(Machine, JSON.parse(readFileSync(new URL(`${process}.asl.json`, folder), 'utf8')), `${process}.asl.json`)
}

/** Names of the Lambdas that a machine invokes: `${CreateSalesOrder}` is create-sales-order.ts. */
export function lambdasOf(machine: Machine): string[] {
  const names = JSON.stringify(machine).matchAll(/"FunctionName":"\$\{(\w+)\}"/g)
  return [...new Set([...names].map(([, name = '']) => name))].sort()
}

/** `CreateSalesOrder` is create-sales-order.ts. */
export function fileOf(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
}

/**
 * A Lambda is a file, and a file is a Lambda.
 * @throws Error naming the files that a process lacks, or those that its machine never invokes
 */
export function checkFiles(process: string, lambdas: readonly string[], files: readonly string[]): void {
  const invoked = lambdas.map(fileOf)
  const list = (names: readonly string[]) => names.map((name) => `${name}.ts`).join(', ')
  const missing = invoked.filter((file) => !files.includes(file))
  const orphans = files.filter((file) => !invoked.includes(file))
  if (missing.length > 0) {
    throw new Error(`${process}.asl.json invokes ${list(missing)}, which functions/${process}/ lacks`)
  }
  if (orphans.length > 0) {
    throw new Error(`functions/${process}/ has ${list(orphans)}, which ${process}.asl.json never invokes`)
  }
}

/**
 * The machine as it is deployed: every Task gets the standard Retry entries, which depend on the ERP's times and would
 * drown the process if they stood in the file a dozen times, AwaitEvent its deadline unless PickNextEvent says how long it
 * waits, and every step that posts its wait for the ERP.
 */
export function completeMachine(machine: Machine, times: Environment['times']): Machine {
  const states = Object.entries(machine.States).map(([name, state]) => {
    if (state.Type !== 'Task') return [name, state] as const
    const isWait = state.Resource?.endsWith('.waitForTaskToken') ?? false
    const isLambda = state.Resource?.includes(':lambda:invoke') ?? false
    const Retry = isLambda ? lambdaRetries(times, isWait) : publishRetries
    const hasUsualTime = isWait && typeof state.TimeoutSeconds !== 'string'
    return [name, { ...state, ...(hasUsualTime && { TimeoutSeconds: times.deadlineSeconds }), Retry }] as const
  })
  return awaitErp({ ...machine, States: Object.fromEntries(states) }, lambdaRetries(times, true))
}

/** Too many Lambdas at once: four hours and more, far below the 25,000 events of a history. */
const busy = {
  ErrorEquals: [...busyNames],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxDelaySeconds: 30,
  MaxAttempts: 1000,
  JitterStrategy: 'FULL',
}

/** Not applied: soon again, ever slower, spread out. About 50 minutes in all. */
const notApplied = { ...busy, ErrorEquals: [...notAppliedNames], MaxAttempts: 200 }

function lambdaRetries(times: Environment['times'], isWait: boolean) {
  return [
    busy,
    notApplied,
    {
      // The deadline of a wait is no failure: it is caught, never retried.
      ErrorEquals: perhapsAppliedNames.filter((name) => !(isWait && name === 'States.Timeout')),
      IntervalSeconds: Math.max(times.leaseSeconds, times.settleSeconds) + 2 * times.skewSeconds,
      BackoffRate: 1,
      MaxAttempts: 10,
    },
  ]
}

/** Publishing is repeated safely: the event's id is deterministic. */
const publishRetries = [
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 1,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    MaxAttempts: 20,
    JitterStrategy: 'FULL',
  },
]
