import { documentKinds } from '#domain/documents.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { InputError } from '../terminal/explain.ts'

/** Flows that bring something into the ERP, and so can be kept from it. Asked for when needed: `flows check` runs for any catalog. */
const namesOfFlows = () =>
  flowCatalog
    .filter(({ erpCalls }) => documentKinds.some((kind) => erpCalls[kind] !== undefined))
    .map(({ name }) => name)

/** What is paused: the whole account, or one of its flows. */
export interface PauseTarget {
  readonly account: string
  readonly flow: string | undefined
}

/** @throws InputError naming what can be paused */
export function pauseTarget(named: string, account: string): PauseTarget {
  if (named === account) return { account, flow: undefined }
  const names = namesOfFlows()
  if (names.includes(named)) return { account, flow: named }
  throw new InputError(
    `${named} cannot be paused. There are the ERP account ${account} and its flows: ${names.join(', ')}.`,
  )
}

/** How it is called in a sentence. */
export function wordsOf({ account, flow }: PauseTarget): string {
  return flow === undefined ? `the ERP account ${account}` : `the flow ${flow}`
}
