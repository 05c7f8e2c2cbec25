import type { CaseItem } from '#aws/case-store.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { signatureId } from '#domain/failure-signature.ts'
import { sum } from '#domain/money.ts'

/** Dead letters of the same cause. */
export interface LetterGroup {
  readonly id: string
  readonly signature: string
  readonly count: number
  readonly oldestAtMs: number
  /** What the cases are worth, by currency, each case once. */
  readonly atStake: Readonly<Record<string, string>>
  readonly class: string
  readonly code: string
  readonly owner: string
  /** One of them, in words. */
  readonly example: string
  readonly cases: number
  /** Whether one of them is of an execution, or holds an event that can be published again. */
  readonly isRedrivable: boolean
}

/**
 * Groups letters by signature, the most frequent first. The same letter may lie in the queue several times, since who
 * sent it sends it again when it does not know whether it did: it counts once.
 */
export function groupLetters(
  letters: readonly HeldLetter[],
  cases: ReadonlyMap<string, CaseItem>,
): readonly LetterGroup[] {
  const bySignature = Map.groupBy(onceEach(letters), ({ letter }) => letter.signature)
  const groups = [...bySignature].map(([signature, held]) => groupOf(signature, held, cases))
  return groups.sort((one, other) => other.count - one.count || (one.signature < other.signature ? -1 : 1))
}

/** The first copy of each letter. */
export function onceEach(letters: readonly HeldLetter[]): readonly HeldLetter[] {
  const first = new Map<string, HeldLetter>()
  for (const held of [...letters].sort((one, other) => one.sentAtMs - other.sentAtMs)) {
    const { id, signature } = held.letter
    const key = `${signature} ${id}`
    if (!first.has(key)) first.set(key, held)
  }
  return [...first.values()]
}

function groupOf(signature: string, held: readonly HeldLetter[], cases: ReadonlyMap<string, CaseItem>): LetterGroup {
  const keys = new Set(held.flatMap(({ letter }) => letter.caseKey ?? []))
  const known = [...keys].flatMap((key) => cases.get(key) ?? [])
  const byCurrency = Map.groupBy(known, ({ currency }) => currency)
  const [example] = held
  const { class: errorClass = '', code = '', owner = '', message = '' } = example?.letter ?? {}
  return {
    id: signatureId(signature),
    signature,
    count: held.length,
    oldestAtMs: Math.min(...held.map(({ sentAtMs }) => sentAtMs)),
    atStake: Object.fromEntries(
      [...byCurrency].map(([currency, some]) => [currency, amountOf(some.map(({ netTotal }) => netTotal))]),
    ),
    class: errorClass,
    code,
    owner,
    example: message,
    cases: known.length,
    isRedrivable: held.some(({ letter: { executionArn, event } }) => executionArn !== undefined || event !== undefined),
  }
}

function amountOf(decimals: readonly string[]): string {
  const total = sum(decimals)
  const digits = Math.max(...decimals.map((decimal) => decimal.split('.')[1]?.length ?? 0))
  return total.toFixed(digits)
}
