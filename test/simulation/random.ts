/** Randomness that a seed decides: the same seed tells the same story on every machine. */
export type Random = {
  /** At least 0, less than 1. */
  next(): number
  /** An integer from minimum to maximum, both included. */
  integer(minimum: number, maximum: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  uuid(): string
  /** A stream of its own: drawing from it does not move this one. */
  fork(label: string): Random
}

export function seededRandom(seed: number | string): Random {
  const text = String(seed)
  const next = mulberry32(hash(text))
  const integer = (minimum: number, maximum: number) => minimum + Math.floor(next() * (maximum - minimum + 1))
  return {
    next,
    integer,
    chance: (probability) => probability > 0 && next() < probability,
    pick: (items) => {
      const item = items[integer(0, items.length - 1)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    uuid: () => `${hex(next)}-${hex(next, 4)}-4${hex(next, 3)}-a${hex(next, 3)}-${hex(next)}${hex(next, 4)}`,
    fork: (label) => seededRandom(`${text}/${label}`),
  }
}

function hex(next: () => number, digits = 8): string {
  return Math.floor(next() * 2 ** (digits * 4))
    .toString(16)
    .padStart(digits, '0')
}

function mulberry32(state: number): () => number {
  let a = state
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** FNV-1a with a final mix, so that seeds 1 and 2 do not begin alike. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
