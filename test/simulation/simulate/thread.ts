import { parentPort } from 'node:worker_threads'
import { type Block, runBlock } from './run-block.ts'
import type { ThreadAnswer } from './threads.ts'

// Every error that is thrown and expected would collect a stack that nobody reads.
Error.stackTraceLimit = 0

parentPort?.on('message', async ({ block, maximumFailures }: { block: Block; maximumFailures: number }) => {
  parentPort?.postMessage(await answerTo(block, maximumFailures))
})

async function answerTo(block: Block, maximumFailures: number): Promise<ThreadAnswer> {
  try {
    return { result: await runBlock(block, maximumFailures) }
  } catch (error) {
    return { error }
  }
}
