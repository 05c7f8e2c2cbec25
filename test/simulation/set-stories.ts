import { names, times } from './hub/settings.ts'
import { type Entry, signalsOf, submission } from './story/entries.ts'
import type { Order } from './story/order.ts'
import type { Story } from './story.ts'

/** Two pieces at 12.50, delivered at once and paid after that. */
export const plain: Order = {
  number: 'T1',
  caseKey: `${names.system}/sales-order/T1`,
  customer: 'customer-1',
  lines: [{ number: '1', item: 'item-1', quantity: 2, cents: 1250 }],
  goodsIssues: [{ deliveryNote: 'DN-1' }],
  payments: [{ payment: 'P-1', cents: 2500 }],
  isOverLimit: false,
  isUnknownCustomer: false,
  isShortened: false,
  isPaidLate: false,
  isLarge: false,
  contradictions: [],
  changes: [],
  isCancelled: false,
  isClosed: false,
  returns: [],
  refunds: [],
}
const onePiece = [{ line: '1', quantity: '1' }]
const balance = { refund: 'RF-9', of: 'balance' } as const
/** Three pieces instead of two. */
const change = { version: 2, lines: plain.lines.map((line) => ({ ...line, quantity: 3 })) }

/** Stories that together pass every branch of the machine, told without haste: what every fault is tried on. */
export const setStories: Readonly<Record<string, Story>> = {
  plain: inTurn(plain),
  'changed, returned and refunded': inTurn({
    ...plain,
    changes: [change],
    payments: [{ payment: 'P-1', cents: 3750 }],
    returns: [{ number: 'R-1', lines: onePiece }],
    refunds: [
      { refund: 'RF-1', of: 'return', return: 'R-1' },
      { refund: 'RF-2', of: 'amount', cents: 100 },
      // Should the change be late, too much was paid.
      balance,
    ],
  }),
  'returned after its end': inTurn(
    {
      ...plain,
      returns: [{ number: 'R-1', lines: onePiece }],
      refunds: [{ refund: 'RF-1', of: 'return', return: 'R-1' }],
    },
    { beforeReturnMs: 60_000 },
  ),
  'prepaid, cancelled and refunded': inTurn({ ...plain, goodsIssues: [], isCancelled: true, refunds: [balance] }),
  'closed short': inTurn({
    ...plain,
    goodsIssues: [{ deliveryNote: 'DN-1', lines: onePiece }],
    payments: [{ payment: 'P-1', cents: 1250 }],
    isClosed: true,
  }),
  'paid after its deadline': inTurn({ ...plain, isPaidLate: true }),
  'picked while it is changed': picked(
    // Enough for either version: whether the picking or the change is first, it comes to its end.
    inTurn({ ...plain, changes: [change], payments: [{ payment: 'P-1', cents: 3750 }], refunds: [balance] }),
    'AmendSalesOrder',
  ),
  'picked while it is cancelled': picked(
    inTurn({ ...plain, goodsIssues: [], isCancelled: true, refunds: [balance] }),
    'CancelSalesOrder',
  ),
  'changed and cancelled too late': inTurn(
    {
      ...plain,
      goodsIssues: [{ deliveryNote: 'DN-1', lines: onePiece }],
      changes: [change],
      isCancelled: true,
      refunds: [balance],
    },
    { areChangesLate: true },
  ),
}

/** A warehouse begins to pick when the hub has claimed what the ERP then refuses, and puts it back soon after. */
function picked(story: Story, step: string): Story {
  const [order] = story.orders
  if (order === undefined) return story
  const at = (kind: 'begin-picking' | 'end-picking', delayMs: number) =>
    ({ kind, atMs: 0, order: order.number, afterCall: { point: `${step} dynamodb TransactWrite 1`, delayMs } }) as const
  return { ...story, plays: [...story.plays, at('begin-picking', 0), at('end-picking', 2000)] }
}

interface Pace {
  /** Newer versions come when the first goods have left. */
  readonly areChangesLate?: boolean
  /** How much longer the first return takes than anything else. */
  readonly beforeReturnMs?: number
}

/** The order's events, each some seconds after the one before. */
function inTurn(order: Order, { areChangesLate = false, beforeReturnMs = 0 }: Pace = {}): Story {
  const changes = order.changes.map(({ version }) => submission(order, version))
  const signals = signalsOf(order)
  const entries = areChangesLate ? [...signals.slice(0, 1), ...changes, ...signals.slice(1)] : [...changes, ...signals]
  const lateMs = order.isPaidLate ? times.deadlineSeconds * 1000 + 3_600_000 : 0
  const waitBefore = ({ detailType }: Entry) =>
    3_000 + (detailType === 'ReturnReceived' ? beforeReturnMs : detailType === 'PaymentReceived' ? lateMs : 0)
  let atMs = 0
  const later = entries.map((entry) => {
    atMs += waitBefore(entry)
    return { kind: 'publish', atMs, order: order.number, entry } as const
  })
  const first = { kind: 'publish', atMs: 0, order: order.number, entry: submission(order) } as const
  return { orders: [order], plays: [first, ...later] }
}
