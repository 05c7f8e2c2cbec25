import { documentKinds } from '#domain/documents.ts'
import { flowsOf } from '#domain/flow-catalog/flows-of.ts'
import { InputError } from '../terminal/explain.ts'

interface Asked {
  readonly flow?: string | undefined
  readonly settled?: boolean | undefined
  readonly since?: string | undefined
}

/**
 * Of a flow that brings no document the books would always agree.
 * @throws InputError that says what can be asked
 */
export function refuseSenseless({ flow, settled, since }: Asked): void {
  if (settled && since === undefined) throw new InputError('--settled needs --since: without it nothing is compared.')
  if (flow === undefined) return
  const names = [...new Set(documentKinds.flatMap((kind) => flowsOf(kind).map(({ name }) => name)))]
  if (names.includes(flow)) return
  throw new InputError(`There is no flow ${flow} that brings documents into the ERP. There are: ${names.join(', ')}.`)
}
