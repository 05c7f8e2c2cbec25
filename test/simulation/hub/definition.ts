import { completeMachine, lambdasOf, readMachine } from '../../../lib/state-machine.ts'
import { parseJson } from '../json.ts'
import { names, times } from './settings.ts'

/** The machine as it is deployed, with names in the place of ARNs; one object, so that it is compiled once. */
export const definition: unknown = substitute()

function substitute(): unknown {
  const machine = readMachine('order-to-cash')
  let text = JSON.stringify(completeMachine(machine, times)).replaceAll(placeholder('BusName'), names.bus)
  for (const name of lambdasOf(machine)) text = text.replaceAll(placeholder(name), name)
  return parseJson(text)
}

function placeholder(name: string): string {
  return `\${${name}}`
}
