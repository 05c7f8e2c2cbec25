import type { Random } from '../../simulation/random.ts'
import { drawOrder } from './draw-order.ts'
import { cents, exact, plus } from './oracle/decimal.ts'
import { orderTotal } from './oracle/prices.ts'
import type { Happening, Story } from './story.ts'

type Refused = Pick<Story, 'title' | 'acts' | 'refused' | 'creditLimit'>

/** Stories that end with a person: the order is refused whole, or something that is asked for in its last act. */
export function drawRefused(random: Random, number: string): Refused {
  const order = drawOrder(random)
  const opening: Happening[] = [{ kind: 'order', order }]
  const goods: Happening = { kind: 'goods-issue', number: `DN-${number}-1` }
  const payment: Happening = { kind: 'payment', number: `PAY-${number}-1`, amount: cents(orderTotal(order)) }
  const [line] = order.lines
  if (line === undefined) throw new Error('An order has a line')
  switch (random.pick(['item', 'credit', 'poison', 'return', 'amount', 'lines'] as const)) {
    case 'item': {
      const unknown = { ...order, lines: [{ ...line, item: 'nobody-knows' }] }
      const refused = { code: 'UNKNOWN_ITEM', owner: 'sales' }
      return { title: 'refused: an item that nobody knows', acts: [[{ kind: 'order', order: unknown }]], refused }
    }
    case 'credit': {
      const refused = { code: 'CREDIT_LIMIT_EXCEEDED', owner: 'finance' }
      return { title: 'refused: the credit limit', acts: [[...opening, goods]], refused, creditLimit: '1.00' }
    }
    case 'poison': {
      const wrong = { ...order, lines: [{ ...line, quantity: 'a few' }] }
      const refused = { code: 'PoisonMessageError', owner: 'integration' }
      return { title: 'refused: not understood', acts: [[{ kind: 'order', order: wrong }]], refused }
    }
    case 'return': {
      const lines = [{ line: line.number, quantity: String(Number(line.quantity) + 1) }]
      const refused = { code: 'RETURN_EXCEEDS_DELIVERY', owner: 'warehouse' }
      const bad: Happening = { kind: 'return', number: `RET-${number}-1`, lines }
      return { title: 'refused: more comes back than left', acts: [[...opening, goods, payment], [bad]], refused }
    }
    case 'amount': {
      const amount = cents(plus(orderTotal(order), exact('0.01')))
      const bad: Happening = { kind: 'refund', number: `RF-${number}-1`, of: 'amount', amount }
      const refused = { code: 'CREDIT_EXCEEDS_INVOICED', owner: 'finance' }
      return { title: 'refused: a cent more than was invoiced', acts: [[...opening, goods, payment], [bad]], refused }
    }
    case 'lines': {
      const lines = [{ line: line.number, quantity: String(Number(line.quantity) + 1) }]
      const bad: Happening = { kind: 'refund', number: `RF-${number}-1`, of: 'lines', lines }
      const refused = { code: 'CREDIT_EXCEEDS_INVOICED', owner: 'finance' }
      return { title: 'refused: more lines than were invoiced', acts: [[...opening, goods], [bad]], refused }
    }
  }
}
