import * as z from 'zod'
import type { HeardEvent } from '../hub/bus-listener.ts'
import type { Told } from './oracle/told.ts'

const Said = z.object({
  document: z.object({ amount: z.string().optional() }).optional(),
  deliveryNote: z.string().optional(),
  payment: z.string().optional(),
  version: z.string().optional(),
  request: z.string().optional(),
  for: z.string().optional(),
  number: z.string().optional(),
  as: z.string().optional(),
})

/** What a statement of the hub is about. */
export function toldBy({ 'detail-type': type, detail }: HeardEvent): Told {
  const { document, as, for: kind, number, ...said } = Said.parse(detail.data)
  const creditNote = kind === undefined ? undefined : `${kind}/${number}`
  // An order ends each time that it was opened again, and a case may be refused more than once.
  const isRepeated = type === 'OrderToCashCompleted' || type === 'SalesOrderRejected' || type === 'SalesOrderFailed'
  const about = isRepeated ? detail.metadata.id : (said.deliveryNote ?? said.payment ?? said.version ?? said.request)
  return {
    type,
    about: creditNote ?? about ?? '',
    atMs: Date.parse(detail.metadata.occurredAt),
    amount: document?.amount,
    as,
  }
}
