import Big from 'big.js'
import * as z from 'zod'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, Id, Ids, Quantity } from '#connectors/tryton/wire.ts'
import { sum } from '#domain/money.ts'
import type { LocalEnvironment } from '../../../bin/local/state.ts'
import type { Books } from './oracle/expected-books.ts'
import type { Found } from './telling.ts'

const Sale = z.object({ id: Id, state: z.string() })
const Move = z.object({ id: Id, product: Id, quantity: Quantity, shipment: z.string().nullable() })
const Invoice = z.object({ id: Id, state: z.string(), total_amount: Decimal, lines: Ids })
const Line = z.object({ id: Id, account: Id, debit: Decimal, credit: Decimal, move: Id })
const Product = z.object({ id: Id, code: z.string() })
const Method = z.object({ id: Id, name: z.string(), debit_account: Id })

/** Reads the ERP by customer, past the hub and whatever it knows of its own documents. */
export function erpBooksReader(erp: LocalEnvironment['erp']) {
  const client = new TrytonClient({
    url: erp.url,
    credentials: { database: erp.database, ...erp.admin },
    clientTimeoutMs: 60_000,
    settleMs: 0,
  })
  return async (partyCode: string): Promise<Found<Books>> => {
    const [party] = await client.search(z.object({ id: Id }), 'party.party', [['code', '=', partyCode]], [])
    if (party === undefined) throw new Error(`The ERP has no customer ${partyCode}`)
    const sales = await client.search(Sale, 'sale.sale', [['party', '=', party.id]], ['state'])
    const goods = await goodsOf(client, sales)
    const fields = ['state', 'total_amount', 'lines']
    const invoices = await client.search(Invoice, 'account.invoice', [['party', '=', party.id]], fields)
    const booked = invoices.filter(({ state }) => state === 'posted' || state === 'paid')
    const amounts = (isCredit: boolean) =>
      booked
        .map(({ total_amount }) => new Big(total_amount))
        .filter((amount) => amount.lt(0) === isCredit)
        .map((amount) => amount.abs().toFixed(2))
        .sort()
    return {
      books: {
        sales: sales.length,
        ...goods,
        invoices: amounts(false),
        creditNotes: amounts(true),
        ...(await moneyOf(client, party.id)),
      },
      wrong: booked.length > 0 ? leftDrafts(sales, invoices) : [],
    }
  }
}

/** Once something is invoiced, no draft is left over, and every sales order has been confirmed or ended. */
function leftDrafts(sales: readonly z.output<typeof Sale>[], invoices: readonly z.output<typeof Invoice>[]) {
  const drafts = invoices.filter(({ state, lines }) => (state === 'draft' || state === 'validated') && lines.length > 0)
  const begun = sales.filter(({ state }) => ['draft', 'quotation', 'confirmed'].includes(state))
  return [
    ...drafts.map(({ id, total_amount }) => `invoice ${id} over ${total_amount} is left as a draft`),
    ...begun.map(({ id, state }) => `sales order ${id} is left as a ${state}`),
  ]
}

async function goodsOf(client: TrytonClient, sales: readonly z.output<typeof Sale>[]) {
  const domain = [
    ['origin.sale', 'in', sales.map(({ id }) => id), 'sale.line'],
    ['state', '=', 'done'],
  ]
  const moves = await client.search(Move, 'stock.move', domain, ['product', 'quantity', 'shipment'])
  const products = await client.records(Product, 'product.product', [...new Set(moves.map((m) => m.product))], ['code'])
  const itemOf = (id: number) => products.find((product) => product.id === id)?.code.replace(/^shop-/, '') ?? String(id)
  const ofKind = (prefix: string) => {
    const own = moves.filter(({ shipment }) => shipment?.startsWith(`${prefix},`))
    return [...Map.groupBy(own, ({ shipment }) => shipment).values()]
      .map((shipped) =>
        Object.entries(byItem(shipped, itemOf))
          .map(([item, quantity]) => `${item} ${quantity}`)
          .sort()
          .join(', '),
      )
      .sort()
  }
  const signed = moves.map(({ quantity, ...move }) => ({
    ...move,
    quantity: move.shipment?.startsWith('stock.shipment.out.return,') ? `-${quantity}` : quantity,
  }))
  const gone = Object.entries(byItem(signed, itemOf)).filter(([, quantity]) => quantity !== '0')
  return {
    deliveries: ofKind('stock.shipment.out'),
    returns: ofKind('stock.shipment.out.return'),
    gone: Object.fromEntries(gone),
  }
}

function byItem(
  moves: readonly { readonly product: number; readonly quantity: string }[],
  itemOf: (id: number) => string,
): Record<string, string> {
  const grouped = Map.groupBy(moves, ({ product }) => itemOf(product))
  return Object.fromEntries([...grouped].map(([item, own]) => [item, sum(own.map((m) => m.quantity)).toFixed()]))
}

async function moneyOf(client: TrytonClient, party: number) {
  const methods = await client.search(Method, 'account.invoice.payment.method', [], ['name', 'debit_account'])
  const accountOf = (name: string) => methods.find((method) => method.name === name)?.debit_account ?? 0
  const fields = ['account', 'debit', 'credit', 'move']
  const posted = ['move.state', '=', 'posted']
  const own = [['party', '=', party], ['account.type.receivable', '=', true], posted]
  const lines = await client.search(Line, 'account.move.line', own, fields)
  const bankLines = [['account', '=', accountOf('Bank')], ['move.lines.party', '=', party], posted]
  const bank = await client.search(Line, 'account.move.line', bankLines, fields)
  const balance = (of: typeof lines) => sum(of.map(({ debit }) => debit)).minus(sum(of.map(({ credit }) => credit)))
  const side = (which: 'debit' | 'credit') =>
    bank
      .map((line) => new Big(line[which]))
      .filter((amount) => amount.gt(0))
      .map((amount) => amount.toFixed(2))
      .sort()
  const onAccount = balance(lines.filter(({ account }) => account === accountOf('On Account'))).times(-1)
  return {
    incoming: side('debit'),
    outgoing: side('credit'),
    receivable: cents(balance(lines)),
    onAccount: cents(onAccount),
  }
}

/** Without the sign that big.js keeps on nothing. */
function cents(amount: Big): string {
  return amount.eq(0) ? '0.00' : amount.toFixed(2)
}
