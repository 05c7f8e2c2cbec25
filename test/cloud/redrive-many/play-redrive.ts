import { join } from 'node:path'
import { sendEntries } from '../../../bin/commands/publish/send-entries.ts'
import { doneTwice } from '../../simulation/erp/done-twice.ts'
import type { listenToBus } from '../hub/bus-listener.ts'
import { commandLine, Groups, Report, readReport } from '../hub/command-line.ts'
import { amount, codes, entryOf, type FailingOrder, mendCauses, prepareCauses } from './failing-orders.ts'
import type { SimulatedErp } from './simulated-erp.ts'
import type { startHub } from './start-hub.ts'
import { untilSaid } from './until-said.ts'
import { highestRate, memoryMbOf, type Phase, redrivenAtMs } from './watch.ts'

export interface Scene {
  readonly hub: Awaited<ReturnType<typeof startHub>>
  readonly erp: SimulatedErp
  readonly bus: Awaited<ReturnType<typeof listenToBus>>
  readonly rate: number
  readonly say: (text: string) => void
}

export interface Check {
  readonly what: string
  readonly isSo: boolean
  readonly seen: string
}

export interface Outcome {
  readonly phases: readonly Phase[]
  readonly checks: readonly Check[]
}

/** More at once would wait longer before the emulator's few workers than a Task may take. */
const underWayAtMost = 120
const batch = 20
/** The longest that clearing may be behind what was posted. */
const clearingsAtMost = 20

/** Lets the orders fail, looks at them, mends the causes, redrives all with one interruption, and holds the books against it. */
export async function playRedrive(orders: readonly FailingOrder[], scene: Scene): Promise<Outcome> {
  const { hub, erp, bus, rate, say } = scene
  const { postonce, interrupt } = commandLine(hub.deadLetterQueueUrl)
  const phases: Phase[] = []
  const checks: Check[] = []
  const check = (what: string, isSo: boolean, seen: unknown) => checks.push({ what, isSo, seen: String(seen) })
  const phase = async <T>(what: string, count: number, work: () => Promise<T>): Promise<T> => {
    say(`${what} …`)
    const startedAtMs = Date.now()
    const result = await work()
    const seconds = (Date.now() - startedAtMs) / 1000
    phases.push({ what, count, seconds, memoryMb: memoryMbOf(hub.cloudPid) })
    return result
  }
  const count = orders.length

  await prepareCauses(orders, erp.books)
  await phase('orders published and recorded as rejected', count, () => failAll(orders, scene))

  const { groups } = await phase('dead-letters', count, () => postonce(Groups, 'dead-letters'))
  const expected = codes.map((code) => countOf(orders, code))
  check(
    'the dead letters are three groups with their counts and amounts',
    groups.length === 3 && groups.every((one) => isRight(one, countOf(orders, one.code))),
    groups.map((one) => `${one.code} ${one.count} (${one.atStake.EUR} EUR)`).join(', ') || expected.join(),
  )
  const signatures = ['--signature', ...groups.map(({ id }) => id)]

  const before = erp.requestedAtMs.length
  const dry = await phase('redrive --dry-run', count, () => postonce(Report, 'redrive', ...signatures, '--dry-run'))
  const asked = erp.requestedAtMs.length - before
  check(
    'the dry run lists each case as to be redriven',
    dry.items.length === count && dry.notStarted === count,
    sums(dry),
  )
  check('the dry run sends the ERP nothing', asked === 0, `${asked} requests`)

  await mendCauses(erp.books)
  const file = join(hub.folder, 'interrupted.json')
  const words = ['redrive', ...signatures, '--rate', String(rate)]
  const code = await phase('redrive until Ctrl-C', Math.floor(count / 3), () =>
    interrupt(file, Math.floor(count / 3), ...words),
  )
  const first = readReport(file)
  check('Ctrl-C ends it with 130', code === 130, code)
  check('the report of what was interrupted lists each case', isWhole(first, count), sums(first))
  const second = await phase('the same redrive again', first.notStarted, () => postonce(Report, ...words))
  check('the report of the second run lists all that was left', isWhole(second, second.items.length), sums(second))
  check(
    'both together have started each case once',
    first.started + second.started === count,
    first.started + second.started,
  )
  await phase('until each is said to be created', count, () => untilSaid('SalesOrderCreated', orders, scene))
  const highest = highestRate(await redrivenAtMs(hub.stateMachineArn))
  // Two that are as far apart as they should be may come nearer to each other on their way.
  check(`no second has more than ${rate} redrives (and one on its way)`, highest <= rate + 1, highest)

  const { salesOrders } = erp.books
  const numbers = new Set(salesOrders.map(({ number }) => number))
  check('each order is in the books', numbers.size === count, numbers.size)
  check(
    'no order is there twice',
    salesOrders.length === count && doneTwice(erp.books).length === 0,
    salesOrders.length,
  )
  const confirmed = salesOrders.filter(({ isConfirmed, confirmedByHub }) => isConfirmed && confirmedByHub === 1)
  check('each was confirmed once', confirmed.length === count, confirmed.length)

  const left = await phase('dead-letters --clear until none is left', count, async () => {
    for (let round = 1; ; round++) {
      const { groups } = await postonce(Groups, 'dead-letters', '--clear')
      const letters = groups.reduce((sum, one) => sum + one.count, 0)
      if (letters === 0 || round === clearingsAtMost) return letters
      say(`${letters} letters are left`)
    }
  })
  check('no dead letter is left', left === 0, left)
  const failed = bus.heard.filter((event) => event['detail-type'] === 'SalesOrderFailed').length
  check('nothing failed for another cause', failed === 0, failed)
  return { phases, checks }
}

function isRight({ count, atStake }: { count: number; atStake: Record<string, string> }, expected: number): boolean {
  return count === expected && Number(atStake.EUR) === expected * amount
}

function countOf(orders: readonly FailingOrder[], code: string): number {
  return orders.filter((one) => one.code === code).length
}

function sums({ items, started, nothingToDo, failed, notStarted }: Report): string {
  return `${items.length}: ${started} started, ${nothingToDo} nothing to do, ${failed} failed, ${notStarted} not started`
}

function isWhole(report: Report, count: number): boolean {
  const { items, started, nothingToDo, failed, notStarted } = report
  return items.length === count && failed === 0 && started + nothingToDo + notStarted === count
}

/** Publishes the orders no faster than they fail, and returns when each is said to be rejected. */
async function failAll(orders: readonly FailingOrder[], scene: Scene): Promise<void> {
  for (let at = 0; at < orders.length; at += batch) {
    const { failed } = await sendEntries(orders.slice(at, at + batch).map(entryOf), scene.hub.bus, () => {})
    if (failed[0] !== undefined) throw new Error(`The bus did not take ${failed[0].where}: ${failed[0].message}`)
    await untilSaid('SalesOrderRejected', orders.slice(0, at + batch), scene, underWayAtMost - batch)
    if (at % 500 === 0) scene.say(`  ${at + batch} published`)
  }
  await untilSaid('SalesOrderRejected', orders, scene)
}
