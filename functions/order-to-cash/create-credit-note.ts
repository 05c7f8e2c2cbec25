import * as z from 'zod'
import { type CaseStory, currentSalesOrder, documentOf, ownStory, signalOf } from '#aws/case-story.ts'
import { translate } from '#aws/cross-reference-store.ts'
import { defineStep } from '#aws/define-step.ts'
import { required } from '#aws/environment.ts'
import { postForCase } from '#aws/post-for-case.ts'
import type { Credit } from '#connectors/port.ts'
import { GoodsReturn, Refund } from '#domain/documents.ts'
import { BusinessError } from '#domain/errors.ts'
import { partsOf } from '#domain/keys.ts'
import { compareDecimals } from '#domain/money.ts'
import { booksOf } from '#domain/order-books.ts'
import type { LineQuantity } from '#domain/posted-documents.ts'
import { parse } from '#domain/schema.ts'
import { creditNoteNumber } from '#domain/settlement.ts'

/** Credits the customer with what came back, or with what a refund gives back. */
export const handler = defineStep({
  name: 'CreateCreditNote',
  input: { kind: z.enum(['goods-return', 'refund']), number: z.string() },
  posts: (signal) => ({ document: 'credit-note', number: creditNoteNumber(signal) }),
  flow: ({ kind }) => kind,
  run: async (signal, context) => {
    const story = await ownStory(context.owner)
    const { credit, creditedOn } =
      signal.kind === 'refund' ? await ofRefund(story, signal.number) : await ofReturn(story, signal.number)
    const salesOrderId = currentSalesOrder(story).id
    const day = context.postingDay(creditedOn)
    return await postForCase(context, { credit, creditedOn }, (erp, reference) =>
      erp.creditNote({ salesOrderId, credit, creditedOn: day, reference }),
    )
  },
})

interface Crediting {
  readonly credit: Credit
  readonly creditedOn: string
}

async function ofReturn(story: CaseStory, number: string): Promise<Crediting> {
  const { data } = await signalOf(story, 'goods-return', number)
  const { receivedOn } = parse(GoodsReturn, data, `The goods return ${number} of ${story.case.pk}`)
  const goodsReturn = documentOf(story, 'goods-return', number)
  const goodsReturnId = goodsReturn.id
  refuseSecondCredit(story, number, goodsReturn.lines ?? [])
  return { credit: { of: 'return', goodsReturnId }, creditedOn: receivedOn }
}

/** Goods that a refund has credited while they stayed with the customer are not credited again when they come back. */
function refuseSecondCredit(story: CaseStory, number: string, lines: readonly LineQuantity[]): void {
  const books = booksOf(story.case.lines, story.postings)
  if (books.isPosted('credit-note', creditNoteNumber({ kind: 'goods-return', number }))) return
  for (const { line, quantity } of lines) {
    const left = books.creditable(line)
    if (compareDecimals(quantity, left) <= 0) continue
    const message = `line ${line}: ${quantity} came back with return ${number}, but only ${left} is invoiced and not yet credited`
    throw new BusinessError({ code: 'CREDIT_EXCEEDS_INVOICED', message, field: 'lines', owner: 'finance' })
  }
}

async function ofRefund(story: CaseStory, number: string): Promise<Crediting> {
  const { data } = await signalOf(story, 'refund', number)
  const refund = parse(Refund, data, `The refund ${number} of ${story.case.pk}`)
  return { credit: await creditOf(refund, story), creditedOn: refund.requestedOn }
}

async function creditOf(refund: Refund, { case: { pk, currency } }: CaseStory): Promise<Credit> {
  switch (refund.of) {
    case 'lines':
      return { of: 'lines', lines: refund.lines }
    case 'everything':
      return { of: 'everything' }
    case 'amount': {
      if (refund.currency !== currency) throw wrongCurrency(refund.currency, currency, pk)
      const { amount, taxCode, reason } = refund
      const system = partsOf(pk).system
      const taxId = taxCode && (await translate(system, 'tax', taxCode, required('ERP_ACCOUNT'), 'taxCode'))
      return { of: 'amounts', amounts: [{ gross: amount, taxId, text: reason ?? `Refund ${refund.refund}` }] }
    }
    default:
      throw new Error(`A refund of ${refund.of} has no credit note of its own`)
  }
}

function wrongCurrency(currency: string, ordered: string, document: string): BusinessError {
  const message = `currency ${currency} of the refund is not the order's ${ordered}`
  return new BusinessError({ code: 'WRONG_CURRENCY', message, field: 'currency', owner: 'finance' }, { document })
}
