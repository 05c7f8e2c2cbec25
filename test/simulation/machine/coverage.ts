import type { Definition } from './definition.ts'
import type { Execution } from './execution.ts'

/** Every way out of every state: `CreateSalesOrder next`, `CreateSalesOrder retry 0`, `Pick choice 3`, `Await catch 1`. */
export function exitsOf(definition: Definition): string[] {
  return [...definition.states.values()].flatMap((state) => {
    const exits: string[] = state.type === 'Choice' ? state.choices.map((_, i) => `choice ${i}`) : []
    if (state.type === 'Choice' && state.next !== undefined) exits.push('default')
    if (state.type === 'Fail') exits.push('failed')
    else if (state.type !== 'Choice') exits.push('next')
    if (state.type === 'Task')
      exits.push(...state.retry.map((_, i) => `retry ${i}`), ...state.catch.map((_, i) => `catch ${i}`))
    return exits.map((exit) => `${state.name} ${exit}`)
  })
}

export function addReachedExits(reached: Set<string>, executions: readonly Execution[]): void {
  for (const { visits } of executions) {
    for (const { state, exits } of visits) for (const exit of exits) reached.add(`${state} ${exit}`)
  }
}

export function exitsMissed(definition: Definition, reached: ReadonlySet<string>): string[] {
  return exitsOf(definition).filter((exit) => !reached.has(exit))
}
