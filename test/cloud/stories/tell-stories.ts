// `npm run stories`: random lives of orders and of purchases through the deployed hub into the ERP, whose books are then held against them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { explain } from '../../../bin/commands/terminal/explain.ts'
import { stopLocalCloud } from '../../../bin/local/cloud/local-cloud.ts'
import { type FaultProxy, startFaultProxy } from '../../../bin/local/erp/fault-proxy.ts'
import { stopLocalErp } from '../../../bin/local/erp/local-erp.ts'
import { ownSeed, startLocalEnvironment, useLocalCloud } from '../../../bin/local/local-environment.ts'
import { localFolder } from '../../../bin/local/state.ts'
import type { Random } from '../../simulation/random.ts'
import { listenToBus } from '../hub/bus-listener.ts'
import { say } from '../say.ts'
import type { BookValue } from './differences.ts'
import { explainStory } from './explain-story.ts'
import { orders } from './orders.ts'
import { playBatch } from './play-batch.ts'
import { purchases } from './purchases/purchases.ts'
import type { AnyStory, Checked, Telling } from './telling.ts'
import { keepKilling, loseAnswers } from './trouble.ts'

const Options = z.object({
  /** Of all processes each tells as many stories. */
  process: z.enum(['order-to-cash', 'procure-to-pay', 'all']),
  count: z.coerce.number().int().min(1),
  seed: z.string().min(1),
  /** The first story; what a run that was cut short has not told is told by another that starts there. */
  from: z.coerce.number().int().min(1),
  only: z.coerce.number().int().min(1).optional(),
  batch: z.coerce.number().int().min(1).max(100),
  /**
   * Of environments/: how long the hub waits for an ERP that is slow, as it is on a machine with much else to do. Each kill takes
   * the ERP's one slot out of use until what was sent has settled; what a killed server was at is over at once.
   */
  configuration: z.string().min(1).optional(),
  kill: z.boolean(),
  calm: z.boolean(),
  json: z.string().optional(),
})
const batchTimeoutMs = 20 * 60_000

const usage =
  'npm run stories -- [--process order-to-cash|procure-to-pay|all] [--count N] [--seed S] [--from N] [--only N] [--batch N] [--configuration NAME] [--kill] [--calm] [--json FILE]'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      process: { type: 'string', default: 'order-to-cash' },
      count: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '1' },
      only: { type: 'string' },
      batch: { type: 'string', default: '30' },
      configuration: { type: 'string' },
      kill: { type: 'boolean', default: false },
      calm: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stderr.write(`${usage}\n`)
    return
  }
  const options = parse(Options, values, 'The options')
  const { configuration = options.kill ? 'local-kill' : 'local-test' } = options
  const told = await inOwnEnvironment(configuration, (own) => tellProcesses(options, own))
  process.exitCode = told ? 0 : 1
}

type Own = Awaited<ReturnType<typeof startOwnEnvironment>>

async function inOwnEnvironment<T>(configuration: string, work: (own: Own) => Promise<T>): Promise<T> {
  mkdirSync(localFolder, { recursive: true })
  const folder = mkdtempSync(join(localFolder, 'stories-'))
  const own = await startOwnEnvironment(folder, configuration)
  try {
    return await work(own)
  } finally {
    await own.proxy.stop()
    await Promise.all([stopLocalCloud(own.environment.cloudPid), stopLocalErp(own.environment.erpPid)])
    rmSync(folder, { recursive: true, force: true })
  }
}

async function startOwnEnvironment(folder: string, configuration: string) {
  let proxy: FaultProxy | undefined
  const environment = await startLocalEnvironment({
    seeds: [ownSeed],
    detached: false,
    configuration,
    folder,
    onProgress: say,
    erpUrlFor: async (url) => {
      proxy = await startFaultProxy(url)
      return proxy.url
    },
  })
  useLocalCloud(environment.endpoint, environment)
  if (proxy === undefined) throw new Error('The environment started without the proxy before its ERP')
  return { environment, proxy, bus: await listenToBus(environment) }
}

/** @returns whether all is well */
async function tellProcesses(options: z.output<typeof Options>, own: Own): Promise<boolean> {
  const { process } = options
  const kept: object[] = []
  const sold = process === 'procure-to-pay' || (await tellAll(orders, options, own, kept))
  const bought = process === 'order-to-cash' || (await tellAll(purchases, options, own, kept))
  return sold && bought
}

/** @returns whether all is well */
async function tellAll<Story extends AnyStory, Books extends Readonly<Record<string, BookValue>>>(
  telling: Telling<Story, Books>,
  options: z.output<typeof Options>,
  own: Own,
  kept: object[],
): Promise<boolean> {
  const { seed, from, only, count, batch } = options
  const run = Math.floor(Date.now() / 1000)
    .toString(36)
    .toUpperCase()
  const indexes = only === undefined ? Array.from({ length: count }, (_, offset) => from + offset) : [only]
  const results: Checked<Story, Books>[] = []
  let isWell = true
  for (let begin = 0; begin < indexes.length; begin += batch) {
    const stories = indexes.slice(begin, begin + batch).map((index) => telling.draw(run, seed, index))
    say(`Stories ${stories[0]?.index} to ${stories.at(-1)?.index} of seed ${seed}, ${telling.process} …`)
    const trouble = (random: Random) => troubleOf(options, own, random)
    const { environment, bus } = own
    const play = { environment, bus, seed, timeoutMs: batchTimeoutMs, onProgress: say, trouble }
    const played = await playBatch(telling, stories, play)
    results.push(...played.stories)
    const wrong = played.stories.filter(({ differences }) => differences.length > 0)
    for (const one of wrong)
      process.stdout.write(`${await explainStory(telling, one, bus.about(one.story.number), seed)}\n`)
    for (const difference of played.differences) say(`WRONG in all together: ${difference}`)
    isWell &&= wrong.length === 0 && played.differences.length === 0
    say(
      `${results.length} of ${indexes.length} told, ${results.filter((one) => one.differences.length > 0).length} wrong`,
    )
    kept.push(...played.stories.map((one) => ({ process: telling.process, ...one })))
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(kept, null, 1)}\n`)
  }
  return isWell
}

/** Answers that get lost, and an ERP that is killed, while the stories are played. */
function troubleOf({ kill, calm }: z.output<typeof Options>, { proxy, environment }: Own, random: Random) {
  const stopLosing = calm ? () => 0 : loseAnswers(proxy, random.fork('answers'))
  const ending = new AbortController()
  let kills = 0
  const killing = kill
    ? keepKilling(environment, random.fork('kills'), ending.signal, () => {
        kills += 1
      })
    : Promise.resolve()
  return async () => {
    ending.abort()
    await killing
    say(`${stopLosing()} answers or requests were lost, and the ERP was killed ${kills} times`)
  }
}

try {
  await main()
} catch (error) {
  say(`stories: ${explain(error)}`)
  process.exitCode = 1
}
