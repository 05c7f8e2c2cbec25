/** A cancelled timer keeps its place and loses its action. */
export type Timer = { readonly dueMs: number; readonly order: number; action: (() => void) | undefined }

export type TimerHeap = {
  push(timer: Timer): void
  peek(): Timer | undefined
  pop(): Timer | undefined
}

/** The timer that is due first is on top; of two for one moment, the one set first. Cancelled ones never reach the top. */
export function createTimerHeap(): TimerHeap {
  const heap: Timer[] = []
  const pop = () => {
    const top = heap[0]
    const last = heap.pop()
    if (top !== undefined && last !== undefined && heap.length > 0) sinkFromTop(heap, last)
    return top
  }
  return {
    push: (timer) => rise(heap, timer),
    peek: () => {
      while (heap[0] !== undefined && heap[0].action === undefined) pop()
      return heap[0]
    },
    pop,
  }
}

function rise(heap: Timer[], timer: Timer): void {
  let index = heap.length
  heap.push(timer)
  while (index > 0) {
    const parentIndex = (index - 1) >> 1
    const parent = heap[parentIndex]
    if (parent === undefined || !isBefore(timer, parent)) break
    heap[index] = parent
    index = parentIndex
  }
  heap[index] = timer
}

function sinkFromTop(heap: Timer[], timer: Timer): void {
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const first = earlier(heap, left, left + 1)
    const child = heap[first]
    if (child === undefined || !isBefore(child, timer)) break
    heap[index] = child
    index = first
  }
  heap[index] = timer
}

function earlier(heap: readonly Timer[], left: number, right: number): number {
  const a = heap[left]
  const b = heap[right]
  return a !== undefined && b !== undefined && isBefore(b, a) ? right : left
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
}
