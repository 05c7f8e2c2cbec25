import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { putCrossReference } from '#aws/cross-reference-store.ts'
import { changed, creditNoteXml, invoiceXml } from '../../unit/ubl/ubl-files.ts'
import { names } from '../hub/settings.ts'
import { begin, letters, pass, questions, replaceOutside, sweep } from './inbox-world.ts'
import { caseOf, invoice, match, openPurchase, orderAndReceive, policy, post, storyOf, tell } from './purchase-world.ts'

beforeAll(() => {
  replaceOutside()
  vi.stubEnv('PURCHASING', JSON.stringify(policy))
})
beforeEach(begin)

/** The order that the invoice of the fixtures bills, which the ERP calls PO-4711. */
async function orderOfTheInvoice(): Promise<void> {
  await openPurchase('R-1', {
    freight: '30.00',
    lines: [
      { number: '10', item: 'P01', quantity: '100', unitPrice: '2.00' },
      { number: '20', item: { supplierItemId: 'Flux' }, quantity: '1.3', unitPrice: '7.50' },
      { number: '30', item: { supplierItemId: 'Training' }, quantity: '1', unitPrice: '50.00', receiptRequired: false },
    ],
    allowances: [{ amount: '20.00' }],
  })
  await post('R-1', { document: 'purchase-order', number: 'R-1' }, { id: '1', number: 'PO-4711' })
  const lines = [
    { line: '10', quantity: '100' },
    { line: '20', quantity: '1.3' },
  ]
  await post('R-1', { document: 'goods-receipt', number: 'DN-1' }, { id: '2', lines })
}

const named = (name: string) =>
  [
    `<cbc:Name>${name}</cbc:Name>`,
    `<cbc:Name>${name}</cbc:Name><cac:SellersItemIdentification><cbc:ID>${name}</cbc:ID></cac:SellersItemIdentification>`,
  ] as const
/** As the supplier of the fixture would write it for that order: each line names its item, nothing was paid before. */
const ubl = changed(
  invoiceXml,
  [/<cbc:PrepaidAmount.*?<\/cbc:PrepaidAmount>/],
  ['<cbc:PayableAmount currencyID="EUR">300.35', '<cbc:PayableAmount currencyID="EUR">310.35'],
  named('Flux'),
  named('Training'),
)
const signals = async (number = 'R-1') => (await storyOf(number)).signals

describe('an invoice in UBL', () => {
  it('finds the case by the number that the ERP has printed on the order, from whatever source it comes', async () => {
    await orderOfTheInvoice()
    await tell('SupplierInvoiceReceived', { ubl }, 'peppol')
    expect(letters).toEqual([])
    expect(await signals()).toMatchObject([
      { kind: 'supplier-invoice', number: 'RE-2026/0815', data: { order: 'PO-4711', payable: '310.35' } },
    ])
  })

  it('is matched as its supplier’s whose tax number is a cross-reference', async () => {
    await orderOfTheInvoice()
    await tell('SupplierInvoiceReceived', { ubl }, 'peppol')
    const stranger = await match('R-1', 'RE-2026/0815')
    expect(stranger).toMatchObject({ outcome: 'unknown-line', isBookable: true })
    expect(stranger?.summary).toBe('It comes from DE811122233, and order R-1 went to S1.')
    await putCrossReference('erp', 'supplier', 'DE811122233', names.account, '7')
    await post('R-1', { document: 'goods-receipt', number: 'DN-2' }, { id: '3', lines: [] })
    expect(await match('R-1', 'RE-2026/0815')).toMatchObject({
      outcome: 'matched',
      payable: '310.35',
      dueOn: '2026-12-03',
    })
  })

  it('is the credit note that it says it is, whatever the event is called', async () => {
    await orderOfTheInvoice()
    await tell('SupplierInvoiceReceived', { ubl: creditNoteXml, purchaseOrder: 'R-1' }, 'peppol')
    expect(await signals()).toMatchObject([{ kind: 'supplier-credit-note' }])
  })

  it('is refused by the rule that it breaks, with its element, and told', async () => {
    await orderOfTheInvoice()
    const wrong = changed(ubl, [
      '<cbc:PayableAmount currencyID="EUR">310.35',
      '<cbc:PayableAmount currencyID="EUR">310.36',
    ])
    await tell('SupplierInvoiceReceived', { ubl: wrong }, 'peppol')
    expect(await signals()).toEqual([])
    expect(letters).toMatchObject([
      {
        class: 'poison',
        stage: 'RecordSignal',
        message: expect.stringContaining(
          'BR-CO-16 cac:LegalMonetaryTotal/cbc:PayableAmount must be the total with tax less what is prepaid plus the rounding (was 310.36)',
        ),
      },
    ])
  })

  it('is read as text, whatever encoding it was sent in', async () => {
    await orderOfTheInvoice()
    await tell('SupplierInvoiceReceived', { ubl: ubl.replace('UTF-8', 'ISO-8859-1') }, 'peppol')
    expect(await signals()).toMatchObject([{ data: { number: 'RE-2026/0815' } }])
  })

  it('waits for an order that nobody knows, and is asked about with what it is over when its time is up', async () => {
    await tell('SupplierInvoiceReceived', { ubl }, 'peppol')
    expect(letters).toEqual([])
    await openPurchase('R-1')
    expect(await signals()).toEqual([])
    pass(4 * 86_400)
    await sweep()
    expect(await questions()).toMatchObject([
      {
        kind: 'orphan-signal',
        pk: 'peppol/purchase-requisition/PO-4711',
        owner: 'finance',
        amount: '310.35',
        currency: 'EUR',
      },
    ])
  })
})

/** An invoice that says itself which order it bills. */
const asSupplier = (order: string) => {
  const { purchaseOrder: _none, ...rest } = invoice('', 'INV-1', '20.00')
  return { ...rest, order }
}

describe('a supplier’s document', () => {
  it('finds the requisition of another source by its number', async () => {
    await openPurchase('R-1')
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-1', '20.00'), 'scanner')
    expect(await signals()).toMatchObject([{ number: 'INV-1' }])
  })

  it('whose number two purchases have is for a person, who names the case', async () => {
    for (const number of ['R-1', 'R-2']) {
      await openPurchase(number)
      await orderAndReceive(number, '4711')
    }
    await tell('SupplierInvoiceReceived', asSupplier('4711'), 'scanner')
    expect(letters).toMatchObject([
      {
        message: `4711 is the number of 2 purchases: ${caseOf('R-1')}, ${caseOf('R-2')}; name the one that is meant by metadata.correlationId`,
      },
    ])
  })

  it('is not led astray by another document with the number that it names', async () => {
    await openPurchase('R-1')
    await orderAndReceive('R-1', '4711')
    await openPurchase('R-2')
    await post('R-2', { document: 'goods-receipt', number: '4711' }, { id: '9', number: '4711', lines: [] })
    await tell('SupplierInvoiceReceived', asSupplier('4711'), 'scanner')
    expect(letters).toEqual([])
    expect(await signals('R-1')).toMatchObject([{ number: 'INV-1' }])
    expect(await signals('R-2')).toEqual([])
  })

  it('that comes before its requisition waits for it, though the ERP has given its number to another order', async () => {
    await openPurchase('R-1')
    await orderAndReceive('R-1', '12')
    await tell('SupplierInvoiceReceived', invoice('12', 'INV-1', '20.00'))
    await openPurchase('12')
    expect(await signals('12')).toMatchObject([{ number: 'INV-1' }])
    expect(await signals('R-1')).toEqual([])
  })

  it('that names the invoice alone which it corrects goes where that is', async () => {
    await openPurchase('R-1')
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV #1', '20.00'))
    await openPurchase('R-2')
    await post('R-2', { document: 'goods-receipt', number: 'INV -1' }, { id: '9', number: 'INV -1', lines: [] })
    const { order: _none, ...nameless } = asSupplier('')
    await tell('SupplierCreditNoteReceived', { ...nameless, number: 'CN-1', corrects: ['INV #1'] }, 'scanner')
    expect(letters).toEqual([])
    expect(await signals('R-1')).toMatchObject([{ kind: 'supplier-credit-note' }, { number: 'INV -1' }])
    expect(await signals('R-2')).toEqual([])
  })

  it('that names no order is refused by field and rule', async () => {
    const { purchaseOrder: _none, ...nameless } = invoice('R-1', 'INV-1', '20.00')
    await tell('SupplierInvoiceReceived', nameless, 'scanner')
    expect(letters).toMatchObject([{ message: expect.stringContaining('purchaseOrder must name the purchase order') }])
  })
})
