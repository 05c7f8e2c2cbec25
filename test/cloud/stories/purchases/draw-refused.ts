import type { Random } from '../../../simulation/random.ts'
import { drawOrder } from './draw-order.ts'
import type { Happening, PurchaseStory } from './story.ts'

type Refused = Pick<PurchaseStory, 'title' | 'acts' | 'refused'>

/** Stories that end with a person: the requisition is refused whole, or something that is said in its last act. */
export function drawRefused(random: Random, number: string): Refused {
  const order = drawOrder(random, 'EUR', false)
  const [line] = order.lines
  if (line === undefined) throw new Error('An order has a line')
  const opening: Happening = { kind: 'requisition', order }
  const goods: Happening = { kind: 'goods-receipt', number: `DN-${number}-1` }
  const otherwise = (change: Partial<typeof line>): Happening => ({
    kind: 'requisition',
    order: { ...order, lines: [{ ...line, ...change }, ...order.lines.slice(1)] },
  })
  switch (random.pick(['item', 'poison', 'return', 'line', 'late goods'] as const)) {
    case 'item': {
      const refused = { code: 'UNKNOWN_ITEM', owner: 'purchasing' }
      return { title: 'refused: an item that nobody knows', acts: [[otherwise({ item: 'nobody-knows' })]], refused }
    }
    case 'poison': {
      const refused = { code: 'PoisonMessageError', owner: 'integration' }
      return { title: 'refused: not understood', acts: [[otherwise({ quantity: 'a few' })]], refused }
    }
    case 'return': {
      const lines = [{ line: line.number, quantity: String(Number(line.quantity) + 1) }]
      const bad: Happening = { kind: 'supplier-return', number: `RET-${number}-1`, lines }
      const refused = { code: 'RETURN_EXCEEDS_RECEIPT', owner: 'warehouse' }
      return { title: 'refused: more goes back than came', acts: [[opening, goods], [bad]], refused }
    }
    case 'line': {
      const lines = [{ line: '77', quantity: '1' }]
      const bad: Happening = { kind: 'goods-receipt', number: `DN-${number}-1`, lines }
      const refused = { code: 'NOTHING_TO_RECEIVE', owner: 'warehouse' }
      return { title: 'refused: a line that nobody ordered arrives', acts: [[opening], [bad]], refused }
    }
    case 'late goods': {
      const cancelled: Happening = { kind: 'cancellation', number: `CA-${number}` }
      const refused = { code: 'PURCHASE_ORDER_ENDED', owner: 'purchasing' }
      return {
        title: 'refused: goods of an order that was cancelled',
        acts: [[opening], [cancelled], [goods]],
        refused,
      }
    }
  }
}
