// Reconciles a million documents whose feeds are in no order; to be run with `node --max-old-space-size=512`. Ends with 1
// when a difference is missed or invented.
import '../../simulation/hub/settings.ts'
import { S3Client } from '@aws-sdk/client-s3'
import { compareFeeds } from '#aws/reconciliation/compare-feeds.ts'
import { classify } from '#domain/reconciliation/classify.ts'
import { differenceClasses } from '#domain/reconciliation/difference.ts'
import { type BookRecord, type Side, sides } from '#domain/reconciliation/record.ts'
import { agreeing, dueBeforeMs, random, spoil } from '../../unit/domain/reconciliation/books.ts'

const documents = Number(process.argv[2] ?? 1_000_000)
const everySoMany = 5000

/** Each side is drawn anew from the same seed, so that nothing but the feeds is held. */
async function* feed(side: Side): AsyncGenerator<BookRecord> {
  const next = random(1)
  for (let index = 0; index < documents; index++) {
    const document = agreeing(index, next)
    yield* (isSpoilt(index) ? spoil(document, howOf(index), random(index)) : document)[side]
  }
}

const isSpoilt = (index: number) => index % everySoMany === 0
const howOf = (index: number) => {
  // Every such document is a sales order, which has lines and an amount.
  const how = differenceClasses[(index / everySoMany) % differenceClasses.length]
  if (how === undefined) throw new Error(`No class for ${index}`)
  return how
}

/** A thousand records a page, as an ERP gives them. */
async function* pages(side: Side) {
  let records: BookRecord[] = []
  for await (const record of feed(side)) {
    if (records.length === 1000) {
      yield { records, next: 'more' }
      records = []
    }
    records.push(record)
  }
  yield { records }
}

// What an invocation leaves for the next one costs time and memory here, too.
Object.assign(S3Client.prototype, { send: async () => ({}) })

const startedAtMs = Date.now()
const found = new Map<string, number>()
const result = await compareFeeds({
  feeds: sides.map((side) => [side, () => pages(side)] as const),
  completed: async (group) => group,
  differenceOf: (group) => classify(group, { sides, dueBeforeMs }),
  stopsAtMs: Number.POSITIVE_INFINITY,
  progress: { read: async () => undefined, store: async () => {} },
})
for (const { class: name } of result.differences) found.set(name, (found.get(name) ?? 0) + 1)
const expected = Math.ceil(documents / everySoMany)
const heldMb = Math.round(process.resourceUsage().maxRSS / 1024)
const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1)
process.stdout.write(
  `${result.documents} documents, ${result.differences.length} of ${expected} differences, ${seconds} s, at most ${heldMb} MB resident\n`,
)
process.stdout.write(`${JSON.stringify(Object.fromEntries(found))}\n`)
const kindsFound = differenceClasses.map((one) => found.get(one) ?? 0)
const isEven = Math.max(...kindsFound) - Math.min(...kindsFound) <= 1
if (result.differences.length !== expected || !isEven) process.exitCode = 1
