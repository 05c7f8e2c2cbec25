import { completeMachine, lambdasOf, readMachine } from '../../../lib/state-machine.ts'
import { parseJson } from '../json.ts'
import { names, times } from './settings.ts'

/** The machine as it is deployed, with names in the place of ARNs; one object, so that it is compiled once. */
export const definition: unknown = substitute('order-to-cash', (name) => name)

/** That of purchases, whose Lambdas bear the name of their process, since some are called as those of sales. */
export const purchaseDefinition: unknown = substitute('procure-to-pay', purchaseStep)

export function purchaseStep(name: string): string {
  return `procure-to-pay/${name}`
}

function substitute(process: string, lambdaOf: (name: string) => string): unknown {
  const machine = readMachine(process)
  let text = JSON.stringify(completeMachine(machine, times)).replaceAll(placeholder('BusName'), names.bus)
  for (const name of lambdasOf(machine)) text = text.replaceAll(placeholder(name), lambdaOf(name))
  return parseJson(text)
}

function placeholder(name: string): string {
  return `\${${name}}`
}
