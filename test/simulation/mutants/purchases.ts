import { purchasingPolicy } from '#aws/purchasing-policy.ts'
import { pickNextPurchaseEvent } from '#domain/pick-next-purchase-event.ts'
import { processes } from '#domain/processes.ts'
import { isBill, matchBasis } from '#domain/purchase/situation.ts'
import { purchaseDefinition, purchaseStep } from '../hub/definition.ts'
import { currentInvocation } from '../invocation.ts'
import { isRecord, type JsonRecord, parseJson } from '../json.ts'
import { mutants } from '../mutants.ts'
import { replaceProperty, type Undo } from '../replace.ts'
import { dropCondition, editing, type Meddler, type Part, reading, removingPart } from './edit.ts'
import { changing, type Mutant } from './mutant.ts'
import { isOwnerCheck, setting } from './parts.ts'

/** What some tens of schedules show of the protections that orders have as well. */
const often: readonly string[] = [
  'take-over without doubt (lease, intent)',
  'lease, and writes without their claimId',
  'a fresh stamp in doubt',
  'other content taken for the same',
  'no writer slot',
  'a running owner not asked',
  'a refusal is not final',
  'sweeper off',
  'random event ids',
]

/** What orders and purchases have alike, tried with purchases. */
const shared = mutants.map(
  ({ isRare: _ofOrders, ...mutant }): Mutant => ({
    ...mutant,
    ...(!often.includes(mutant.name) && { isRare: true }),
  }),
)

/** What only purchases rely on. */
const own: readonly Mutant[] = [
  // The supplier's number.
  {
    name: 'a supplier’s number that is taken twice',
    isRare: true,
    profile: 'natural-key',
    broken: { table: editing(isNumber(''), dropCondition) },
  },
  {
    name: 'a supplier’s number claimed by its parts alone',
    isRare: true,
    profile: 'natural-key',
    broken: { table: removingPart(isNumber('#whole#')) },
  },
  {
    name: 'a supplier’s number claimed as a whole alone',
    isRare: true,
    profile: 'natural-key',
    broken: { table: removingPart(isNumber('#parts#')) },
  },
  // The match.
  { name: 'a match that is never made anew', profile: 'natural-key', apply: picking(onTheSameBasis) },
  { name: 'any price matched', profile: 'natural-key', apply: anyPrice },
  { name: 'goods received counted tenfold', profile: 'natural-key', broken: { table: matching(receivedTenfold) } },
  { name: 'what is billed already not counted', profile: 'natural-key', broken: { table: matching(billedElsewhere) } },
  {
    name: 'a match stored without the owner check',
    isRare: true,
    profile: 'natural-key',
    broken: {
      table: removingPart((part, parts) => isOwnerCheck(part) && parts.some((one) => setting(one, '#match = :match'))),
    },
  },
  // A person.
  {
    name: 'ordered without the approval',
    profile: 'natural-key',
    apply: picking(
      (pick) =>
        (facts, ...more) =>
          pick({ ...facts, needsApproval: false }, ...more),
    ),
  },
  {
    name: 'changed without the approval',
    profile: 'natural-key',
    apply: picking(
      (pick) =>
        (facts, signals, ...more) =>
          pick(
            facts,
            signals.map((one) => ({ ...one, needsApproval: false })),
            ...more,
          ),
    ),
  },
  { name: 'no four eyes', profile: 'natural-key', apply: changing('FOUR_EYES_ABOVE', {}) },
  { name: 'the same person twice', profile: 'natural-key', broken: { table: reading(isProposed, proposedByAnother) } },
  // Money.
  {
    name: 'paid before it is due',
    profile: 'natural-key',
    apply: picking(payingAs((facts, signals, postings, nowMs) => [facts, signals, postings, nowMs + yearMs])),
  },
  {
    name: 'paid while something is in variance',
    isRare: true,
    profile: 'natural-key',
    apply: picking(
      payingAs((facts, signals, ...more) => [facts, signals.filter((one) => one.isConsumed || !isBill(one)), ...more]),
    ),
  },
  { name: 'paid without the credit', profile: 'natural-key', apply: picking(creditLeft) },
  {
    name: 'no wake on the day on which an invoice is due',
    profile: 'natural-key',
    broken: { purchaseDefinition: told('"{% $states.input.next.waitSeconds %}"', '31536000') },
  },
  // Goods.
  {
    name: 'one item for all receipts of a purchase',
    profile: 'natural-key',
    broken: { table: editing(isReceiptSignal, (part) => keyed(part, 'SIGNAL#goods-receipt#one')) },
  },
]

export const purchaseMutants: readonly Mutant[] = [...shared, ...own]

const yearMs = 31_536_000_000

function isNumber(key: string): (part: Part) => boolean {
  return ({ Item }) => {
    const pk = String(Object(Item).pk)
    return pk.startsWith('SUPPLIER-NUMBER#') && pk.includes(key)
  }
}

function isReceiptSignal({ Item, Key }: Part): boolean {
  return String(Object(Item ?? Key).sk).startsWith('SIGNAL#goods-receipt#')
}

function keyed({ Item, Key, ...part }: Part, sk: string): Part {
  return {
    ...part,
    ...(Item !== undefined && { Item: { ...Object(Item), sk } }),
    ...(Key !== undefined && { Key: { ...Object(Key), sk } }),
  }
}

type Pick = typeof pickNextPurchaseEvent
type Given = Parameters<Pick>

/** The decision about a purchase, made otherwise. */
function picking(change: (pick: Pick) => Pick): () => Undo {
  return () => replaceProperty(processes['procure-to-pay'], 'pickNextEvent', change(pickNextPurchaseEvent))
}

/** Pays what it would pay if things were otherwise. */
function payingAs(otherwise: (...given: Given) => Given): (pick: Pick) => Pick {
  return (pick) =>
    (...given) => {
      const next = pick(...given)
      if (next.kind !== 'nothing-yet') return next
      const other = pick(...otherwise(...given))
      return other.kind === 'supplier-payment' ? other : next
    }
}

function creditLeft(pick: Pick): Pick {
  return (facts, signals, postings, nowMs) => {
    const next = pick(facts, signals, postings, nowMs)
    if (next.kind !== 'supplier-payment-allocation') return next
    const billed = postings.filter(({ kind }) => kind !== 'supplier-credit-note')
    const other = pick(facts, signals, billed, nowMs)
    return other.kind === 'supplier-payment' ? other : { kind: 'nothing-yet' }
  }
}

function onTheSameBasis(pick: Pick): Pick {
  return (facts, signals, postings, nowMs) => {
    const basis = matchBasis(facts.version, signals, postings)
    const matched = signals.map((one) => (one.match ? { ...one, match: { ...one.match, basis } } : one))
    return pick(facts, matched, postings, nowMs)
  }
}

function anyPrice(): Undo {
  const { tolerances } = purchasingPolicy()
  return replaceProperty(tolerances, 'price', { percent: '1000' })
}

/** Changes what a match reads of the case. */
function matching(change: (item: JsonRecord) => JsonRecord): Meddler {
  const changed = reading(() => true, change)
  const isMatch = () => currentInvocation()?.functionName === purchaseStep('MatchSupplierInvoice')
  return (request) => (command) => (isMatch() ? changed(request) : request)(command)
}

function receivedTenfold(item: JsonRecord): JsonRecord {
  if (!String(item.sk).startsWith('POSTING#goods-receipt#') || !isRecord(item.document)) return item
  return {
    ...item,
    document: { ...item.document, ...linesOf(item.document, ({ quantity }) => ({ quantity: `${quantity}0` })) },
  }
}

function billedElsewhere(item: JsonRecord): JsonRecord {
  if (!String(item.sk).startsWith('SIGNAL#supplier-invoice#') || item.consumedAtMs === undefined) return item
  return { ...item, data: { ...Object(item.data), ...linesOf(Object(item.data), () => ({ line: '99' })) } }
}

function linesOf({ lines }: JsonRecord, change: (line: JsonRecord) => object) {
  return Array.isArray(lines)
    ? { lines: lines.map((line: unknown) => (isRecord(line) ? { ...line, ...change(line) } : line)) }
    : {}
}

function isProposed({ sk, proposal }: JsonRecord): boolean {
  return String(sk).startsWith('INBOX#') && isRecord(proposal)
}

function proposedByAnother(item: JsonRecord): JsonRecord {
  return { ...item, proposal: { ...Object(item.proposal), by: 'somebody' } }
}

/** The machine of purchases, told otherwise. */
function told(text: string, by: string): unknown {
  return parseJson(JSON.stringify(purchaseDefinition).replaceAll(text, by))
}
