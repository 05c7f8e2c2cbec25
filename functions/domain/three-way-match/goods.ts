import type { GoodsReceipt, GoodsReturn, PurchaseOrder } from '#domain/procurement-documents.ts'
import { type AgreedLine, findLine } from './agreed-line.ts'
import { unknownLine } from './billed-line.ts'
import type { MatchInput } from './match-input.ts'
import type { Finding } from './outcome.ts'
import { factorOf } from './units.ts'

/** Those that belong to the order; a document that names none does. */
export function ofThisOrder<T extends { readonly order?: string | undefined }>(
  documents: readonly T[],
  order: PurchaseOrder,
): readonly T[] {
  return documents.filter((document) => document.order === undefined || document.order === order.number)
}

/** Goods that are not counted, with the reason: nothing that arrived is passed over in silence. */
export function checkGoods(
  { order, receipts, returns }: MatchInput,
  agreed: readonly AgreedLine[],
): readonly Finding[] {
  const documents = [
    ...receipts.map((document) => ({ document, name: 'Receipt' })),
    ...returns.map((document) => ({ document, name: 'Return' })),
  ]
  const findings = documents.flatMap(({ document, name }) => {
    const title = `${name} ${document.number}`
    if (ofThisOrder([document], order).length === 0) {
      return [
        unknownLine(null, order, `${title} is for order ${document.order}, not ${order.number}; it is not counted.`),
      ]
    }
    return checkLines(document, title, order)
  })
  const returnedMore = agreed
    .filter(({ kept, received, returned }) => kept.eq(0) && returned.gt(received))
    .map(({ line }) => ({
      ...unknownLine(null, order, `More of order line ${line.number} was returned than received.`),
      outcome: 'quantity-variance' as const,
      rule: 'returned',
      line: line.number,
    }))
  return [...findings, ...returnedMore].sort((one, other) => (one.explanation < other.explanation ? -1 : 1))
}

function checkLines(document: GoodsReceipt | GoodsReturn, title: string, order: PurchaseOrder): readonly Finding[] {
  return document.lines.flatMap((moved, index) => {
    const number = String(index + 1)
    const found = findLine(order, moved)
    if (typeof found === 'string') {
      return [unknownLine(number, order, `${title}, line ${number}: ${found}; it is not counted.`)]
    }
    if (factorOf(found, moved.unit)) return []
    const explanation = `${title}, line ${number}, counts in ${moved.unit}, for which order line ${found.number} gives no factor; it is not counted.`
    return [
      {
        ...unknownLine(number, order, explanation),
        outcome: 'quantity-variance' as const,
        rule: 'unit',
        line: found.number,
        expected: found.unit ?? 'the order’s unit',
        found: moved.unit ?? 'none',
      },
    ]
  })
}
