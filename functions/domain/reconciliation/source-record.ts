import * as z from 'zod'
import { documentKinds } from '#domain/documents.ts'
import { postingKeyOf } from '#domain/keys.ts'
import { Currency, Decimal, Identifier, IsoDate, parse } from '#domain/schema.ts'
import { type BookRecord, standings } from './record.ts'

/** One document as its source tells it, in a file or over an interface of its own; unknown fields are refused. */
const SourceLine = z
  .strictObject({
    /** `shop/sales-order/T1001` */
    case: z.string().regex(/^[^/#]+\/[^/#]+\/[^#]+$/, 'must be a case, such as shop/sales-order/T1001'),
    document: z.enum(documentKinds),
    /** The document's own number at the source: of the order, the delivery note, the payment. */
    number: Identifier,
    onDay: IsoDate,
    /** Tax included, as it counts in the books. */
    amount: Decimal.optional(),
    currency: Currency.optional(),
    lines: z.array(z.strictObject({ line: Identifier, quantity: Decimal })).optional(),
    standing: z.enum(standings).default('in-effect'),
  })
  .refine(({ amount, currency }) => (amount === undefined) === (currency === undefined), {
    path: ['currency'],
    message: 'must be there with an amount, and only then',
  })

/**
 * The record of one line. Its key is that of the posting, which source and hub have in common.
 * @throws PoisonMessageError that names the line, each field, its value and the rule it breaks
 */
export function sourceRecord(value: unknown, where: string, company: string): BookRecord {
  const { case: caseKey, document, number, onDay, amount, currency, lines, standing } = parse(SourceLine, value, where)
  const posting = postingKeyOf(caseKey, { document, number })
  return {
    ...{ key: posting, posting, document, onDay, company, standing, number },
    sinceMs: Date.parse(onDay),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
    ...(lines !== undefined && { lines }),
  }
}
