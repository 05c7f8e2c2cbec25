import { compareDecimals, sum } from '#domain/money.ts'
import { byNumber } from '#domain/next-event/situation.ts'
import type { LineQuantity, PostingFacts } from '#domain/posted-documents.ts'

interface CreditedLine {
  readonly line?: string | undefined
  readonly quantity?: string | undefined
}

/**
 * The return that a credit note credits: the first of those that no earlier credit note has credited and whose goods are
 * as many as it names or more. None: it gives back an amount, or goods that stay.
 * @param number the credit note's own
 */
export function creditedReturn(
  postings: readonly PostingFacts[],
  number: string,
  lines: readonly CreditedLine[],
): string | undefined {
  const posted = postings.filter(({ status }) => status === 'posted')
  const ofKind = (kind: string) => posted.filter((one) => one.kind === kind).toSorted(byNumber)
  const earlier = ofKind('supplier-credit-note').filter((one) => one.number !== number)
  let left = ofKind('supplier-return')
  for (const { document } of earlier) {
    const taken = left.find((one) => isCredited(one, document?.lines ?? []))
    left = left.filter((one) => one !== taken)
  }
  return left.find((one) => isCredited(one, lines))?.number
}

function isCredited({ document }: PostingFacts, lines: readonly CreditedLine[]): boolean {
  const counted = lines.flatMap(({ line, quantity }): LineQuantity[] =>
    line === undefined || quantity === undefined ? [] : [{ line, quantity }],
  )
  const returned = (line: string) =>
    sum((document?.lines ?? []).filter((one) => one.line === line).map(({ quantity }) => quantity)).toFixed()
  return counted.length > 0 && counted.every(({ line, quantity }) => compareDecimals(returned(line), quantity) >= 0)
}
