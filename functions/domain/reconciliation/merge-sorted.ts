import { type BookRecord, byKey } from './record.ts'

type Run = AsyncIterable<BookRecord>
interface Head {
  readonly record: BookRecord
  readonly run: AsyncIterator<BookRecord>
}

/** One feed in key order of several that each are: a heap of the runs' first records. */
export async function* mergeSorted(runs: readonly Run[]): AsyncGenerator<BookRecord> {
  const heap: Head[] = []
  for (const run of runs) await advance(heap, run[Symbol.asyncIterator]())
  for (let head = pop(heap); head !== undefined; head = pop(heap)) {
    yield head.record
    await advance(heap, head.run)
  }
}

async function advance(heap: Head[], run: AsyncIterator<BookRecord>): Promise<void> {
  const { done, value } = await run.next()
  if (!done) push(heap, { record: value, run })
}

function push(heap: Head[], head: Head): void {
  let at = heap.push(head) - 1
  while (at > 0) {
    const above = (at - 1) >> 1
    if (isBefore(heap, above, at)) return
    swap(heap, above, at)
    at = above
  }
}

function pop(heap: Head[]): Head | undefined {
  const [first] = heap
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  heap[0] = last
  for (let at = 0; ; ) {
    const left = 2 * at + 1
    if (left >= heap.length) return first
    const least = left + 1 < heap.length && isBefore(heap, left + 1, left) ? left + 1 : left
    if (isBefore(heap, at, least)) return first
    swap(heap, at, least)
    at = least
  }
}

function isBefore(heap: readonly Head[], one: number, other: number): boolean {
  return byKey(at(heap, one).record, at(heap, other).record) <= 0
}

function swap(heap: Head[], one: number, other: number): void {
  const kept = at(heap, one)
  heap[one] = at(heap, other)
  heap[other] = kept
}

function at(heap: readonly Head[], index: number): Head {
  const head = heap[index]
  if (head === undefined) throw new Error(`The heap has no place ${index}`)
  return head
}
