import * as z from 'zod'
import type { Machine } from '../../lib/state-machine.ts'

const Handler = z.looseObject({ ErrorEquals: z.array(z.string()) })
const State = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.looseObject({ Next: z.string() })).optional(),
  Catch: z.array(Handler.extend({ Next: z.string() })).optional(),
  Retry: z.array(Handler).optional(),
  TimeoutSeconds: z.unknown().optional(),
  Arguments: z.unknown().optional(),
})
export type State = z.output<typeof State>

export function states(machine: Machine): [string, State][] {
  return Object.entries(machine.States).map(([name, state]) => [name, State.parse(state)])
}

/** Where a state may go. */
export function exitsOf(name: string, machine: Machine): string[] {
  const state = State.parse(machine.States[name])
  const { Next, Default, Choices = [], Catch = [] } = state
  return [Next, Default, ...Choices.map((one) => one.Next), ...Catch.map((one) => one.Next)].filter(
    (exit) => exit !== undefined,
  )
}

/** @throws ZodError when an exit leads to a state that does not exist */
export function reachableFrom(machine: Machine): Set<string> {
  const reached = new Set<string>()
  const walk = (name: string) => {
    if (reached.has(name)) return
    reached.add(name)
    for (const exit of exitsOf(name, machine)) walk(exit)
  }
  walk(z.string().parse(machine.StartAt))
  return reached
}

/** Every JSONata expression of a machine, with the place where it stands. */
export function expressionsOf(machine: Machine): [string, string][] {
  const found: [string, string][] = []
  const visit = (where: string, value: unknown) => {
    if (typeof value === 'string') {
      const [, expression] = /^\{%(.*)%\}$/s.exec(value) ?? []
      if (expression !== undefined) found.push([where, expression])
      else if (value.includes('{%') || value.includes('%}')) throw new Error(`${where} is half an expression: ${value}`)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, part] of Object.entries(value)) visit(`${where}.${key}`, part)
    }
  }
  for (const [name, state] of Object.entries(machine.States)) visit(name, state)
  return found
}

/** Fields that the local cloud runs as AWS does, by state type (measured: Succeed ignores Output, and so on). */
const subset: Readonly<Record<string, readonly string[]>> = {
  Task: ['Resource', 'Arguments', 'Output', 'TimeoutSeconds', 'Retry', 'Catch', 'Next', 'End', 'Assign'],
  Pass: ['Output', 'Next', 'End', 'Assign'],
  Choice: ['Choices', 'Default', 'Output', 'Assign'],
  Wait: ['Seconds', 'Timestamp', 'Output', 'Next', 'End', 'Assign'],
  Fail: ['Error', 'Cause'],
  Succeed: [],
}

/** What the local cloud would ignore or run otherwise. Map and Parallel are not needed yet, and so not known here. */
export function outsideTheSubset(machine: Machine): string[] {
  const machineFields = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds']
  const outside = Object.keys(machine).filter((field) => !machineFields.includes(field))
  if (machine.QueryLanguage !== 'JSONata') outside.push('QueryLanguage')
  for (const [name, state] of Object.entries(machine.States)) {
    const known = subset[state.Type]
    if (known === undefined) outside.push(`${name} of type ${state.Type}`)
    for (const field of Object.keys(state)) {
      if (!['Type', 'Comment', ...(known ?? [])].includes(field)) outside.push(`${name}.${field}`)
    }
  }
  return outside
}
