import '../../simulation/hub/settings.ts'
import { payloadBucket } from '#aws/clients/payload-bucket.ts'
import { compareFeeds } from '#aws/reconciliation/compare-feeds.ts'
import type { Pages } from '#aws/reconciliation/kept-feed.ts'
import { classify } from '#domain/reconciliation/classify.ts'
import { type DifferenceClass, differenceClasses } from '#domain/reconciliation/difference.ts'
import { type BookRecord, type Side, sides } from '#domain/reconciliation/record.ts'
import { agreeing, dueBeforeMs, random, spoil } from '../../unit/domain/reconciliation/books.ts'

/** A multiple of four, so that each such document is a sales order, which has lines and an amount. */
const everySoMany = 5000

/** What a comparison of so many documents came to. */
export interface ManyCompared {
  readonly documents: number
  readonly seconds: number
  /** How many were to be found, and how many were, by class. */
  readonly spoilt: Readonly<Record<string, number>>
  readonly found: Readonly<Record<string, number>>
}

/**
 * Compares so many documents whose feeds are in no order, one of 5,000 of which differs, as a run does that another one may
 * go on with. What it puts among the payloads is taken and forgotten.
 */
export async function compareMany(documents: number): Promise<ManyCompared> {
  const { send } = payloadBucket
  payloadBucket.send = async () => ''
  const startedAtMs = Date.now()
  try {
    const result = await compareFeeds({
      feeds: sides.map((side) => [side, pagesOf(side, documents)] as const),
      completed: async (group) => group,
      differenceOf: (group) => classify(group, { sides, dueBeforeMs }),
      stopsAtMs: Number.POSITIVE_INFINITY,
      progress: { read: async () => undefined, store: async () => {} },
    })
    const spoilt = Array.from({ length: Math.ceil(documents / everySoMany) }, (_, n) => howOf(n * everySoMany))
    return {
      documents: result.documents,
      seconds: (Date.now() - startedAtMs) / 1000,
      spoilt: countOf(spoilt),
      found: countOf(result.differences.map((difference) => difference.class)),
    }
  } finally {
    payloadBucket.send = send
  }
}

/** A thousand records a page, as an ERP gives them. */
function pagesOf(side: Side, documents: number): Pages {
  return async function* pages() {
    let records: BookRecord[] = []
    for (const record of feedOf(side, documents)) {
      if (records.length === 1000) {
        yield { records, next: 'more' }
        records = []
      }
      records.push(record)
    }
    yield { records }
  }
}

/** Each side is drawn anew from the same seed, so that nothing but the feeds is held. */
function* feedOf(side: Side, documents: number): Generator<BookRecord> {
  const next = random(1)
  for (let index = 0; index < documents; index++) {
    const document = agreeing(index, next)
    yield* (index % everySoMany === 0 ? spoil(document, howOf(index), random(index)) : document)[side]
  }
}

function howOf(index: number): DifferenceClass {
  const how = differenceClasses[(index / everySoMany) % differenceClasses.length]
  if (how === undefined) throw new Error(`There is no class for document ${index}`)
  return how
}

function countOf(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(differenceClasses.map((one) => [one, names.filter((name) => name === one).length]))
}
