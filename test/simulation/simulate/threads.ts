import { Worker } from 'node:worker_threads'
import type { Block, BlockResult } from './run-block.ts'

/** @returns undefined where the threads were stopped meanwhile */
export type RunInThread = (block: Block, maximumFailures: number) => Promise<BlockResult | undefined>

/** Threads with a simulation of their own each: what a history replaces is replaced for its thread alone. */
export type Threads = {
  readonly count: number
  /** Lets each of them do the work, and waits for all. */
  each(work: (run: RunInThread) => Promise<void>): Promise<void>
  stop(): Promise<void>
}

export type ThreadAnswer = { readonly result: BlockResult } | { readonly error: unknown }

export function startThreads(count: number): Threads {
  const workers = Array.from({ length: count }, () => new Worker(new URL('thread.ts', import.meta.url)))
  return {
    count,
    each: async (work) => {
      await Promise.all(
        workers.map((worker) => work((block, maximumFailures) => ask(worker, { block, maximumFailures }))),
      )
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function ask(worker: Worker, question: object): Promise<BlockResult | undefined> {
  return new Promise((resolve, reject) => {
    const end = (conclude: () => void) => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      conclude()
    }
    const onMessage = (answer: ThreadAnswer) =>
      end(() => ('result' in answer ? resolve(answer.result) : reject(answer.error)))
    const onError = (error: Error) => end(() => reject(error))
    const onExit = () => end(() => resolve(undefined))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.postMessage(question)
  })
}
