// How much of a step is the hub's own, and how many orders a second the local cloud carries through it and without it.
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { stepFunctions } from '#aws/clients/step-functions.ts'
import { putCrossReference } from '#aws/cross-reference-store.ts'
import type { Entry } from '../../../bin/commands/publish/read-entries.ts'
import { sendEntries } from '../../../bin/commands/publish/send-entries.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { listenToBus, numberOf } from '../../cloud/hub/bus-listener.ts'
import { startSimulatedErp } from '../../cloud/redrive-many/simulated-erp.ts'
import { startHub } from '../../cloud/redrive-many/start-hub.ts'
import { say } from '../../cloud/say.ts'
import { type Row, tell } from '../row.ts'
import { bareCompleted, createBareMachine } from './bare.ts'

/** One invocation, as cloud/app.ts lets each function write it. */
interface Measured {
  readonly function: string
  readonly totalMs: number
  /** What of it was spent waiting for the ERP. */
  readonly erpMs: number
  /** Of a process that had run nothing before: another one was needed. */
  readonly isFirst: boolean
}

const source = 'shop'
const erpAccount = readEnvironment('local').erp.account
/** Of these the first only warm up: processes start, and code that is run often is compiled. */
const [warm, alone, orders] = [20, 40, 100]
const highestP95Ms = 50
/** Nothing new for so long: something is stuck. */
const silentAtMostMs = 120_000

async function main(): Promise<readonly Row[]> {
  const folder = temporaryFolder('bench')
  const file = join(folder, 'steps.jsonl')
  const erp = await startSimulatedErp()
  try {
    const app = fileURLToPath(new URL('app.ts', import.meta.url))
    say('Deploying the hub to a local cloud of its own …')
    const hub = await startHub(erp.url, { app, cloud: { BENCH_FILE: file } })
    try {
      return await measure(hub, file)
    } finally {
      await hub.stop()
    }
  } finally {
    await erp.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(hub: Awaited<ReturnType<typeof startHub>>, file: string): Promise<readonly Row[]> {
  await putCrossReference(source, 'item', 'ITEM', erpAccount, '1')
  await putCrossReference(source, 'customer', 'CUSTOMER', erpAccount, '1')
  const bus = await listenToBus(hub)
  const timed = async (detailType: string, numbers: readonly string[], begin: () => Promise<void>): Promise<number> => {
    const fromMs = performance.now()
    await begin()
    const waiting = new Set(numbers)
    let newAtMs = performance.now()
    for (let at = 0; waiting.size > 0; ) {
      await bus.listen()
      for (const event of bus.heard.slice(at)) {
        const about = detailType === bareCompleted ? event.detail.metadata.correlationId : numberOf(event)
        if (event['detail-type'] === detailType && waiting.delete(about)) newAtMs = performance.now()
      }
      at = bus.heard.length
      if (performance.now() - newAtMs > silentAtMostMs) throw new Error(`${detailType} was not said of ${waiting.size}`)
    }
    return numbers.length / ((performance.now() - fromMs) / 1000)
  }
  const throughHub = (numbers: readonly string[]) =>
    timed('OrderToCashCompleted', numbers, async () => {
      const { failed } = await sendEntries(numbers.flatMap(entriesOf), hub.bus, () => {})
      if (failed[0] !== undefined) throw new Error(`The bus did not take ${failed[0].where}: ${failed[0].message}`)
    })
  say('Orders through the hub, one after the other, then all at once …')
  for (const number of named('W', warm)) await throughHub([number])
  const before = readMeasured(file).length
  for (const number of named('A', alone)) await throughHub([number])
  const measured = readMeasured(file).slice(before)
  const hubRate = await throughHub(named('O', orders))
  say('The same shape without the hub …')
  const bare = await createBareMachine(hub.stateMachineArn, hub.bus)
  const throughBare = (ids: readonly string[]) =>
    timed(bareCompleted, ids, async () => {
      for (const id of ids)
        await stepFunctions.send(
          new StartExecutionCommand({ stateMachineArn: bare.arn, input: JSON.stringify({ id }) }),
        )
    })
  await throughBare(named('BW', warm))
  const bareRate = await throughBare(named('B', orders))
  return [...stepRows(measured), throughputRow(hubRate, bareRate, bare.states)]
}

function named(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}${n + 1}`)
}

/** An order, its delivery and its payment, all at once: what comes early waits for the order. */
function entriesOf(number: string): readonly Entry[] {
  const day = new Date().toISOString().slice(0, 10)
  const entry = (detailType: string, data: object): Entry => ({
    where: number,
    source,
    detailType,
    detail: { metadata: { id: randomUUID() }, data },
  })
  const line = { number: '1', item: { id: 'ITEM' }, quantity: '2', unitPrice: '12.50' }
  const order = { number, orderedOn: day, currency: 'EUR', customer: { id: 'CUSTOMER' }, lines: [line] }
  const payment = { payment: `P-${number}`, amount: '25.00', currency: 'EUR', receivedOn: day }
  return [
    entry('SalesOrderSubmitted', { ...order, netTotal: '25.00' }),
    entry('GoodsIssued', { salesOrder: number, deliveryNote: `DN-${number}`, issuedOn: day }),
    entry('PaymentReceived', { salesOrder: number, ...payment }),
  ]
}

function readMeasured(file: string): readonly Measured[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** The hub's own share of each step, of orders that come one after the other: without the ERP, in a warm process. */
function stepRows(measured: readonly Measured[]): readonly Row[] {
  const byStep = Map.groupBy(
    measured.filter(({ isFirst }) => !isFirst),
    (one) => one.function.replace(/^Postonce\w+?-|Function.*$/g, ''),
  )
  return [...byStep].sort().map(([step, invocations]) => {
    const ownMs = invocations.map(({ totalMs, erpMs }) => totalMs - erpMs).sort((a, b) => a - b)
    const at = (share: number) => ownMs[Math.min(ownMs.length - 1, Math.floor(ownMs.length * share))] ?? 0
    return {
      what: `hub's share of ${step}, on the local cloud`,
      measured: `${at(0.5).toFixed(0)} ms in the middle, p95 ${at(0.95).toFixed(0)} ms, of ${ownMs.length}`,
      target: `p95 ${highestP95Ms} ms`,
      isKept: at(0.95) <= highestP95Ms,
      numbers: { step, p50Ms: at(0.5), p95Ms: at(0.95), count: ownMs.length },
    }
  })
}

function throughputRow(hubRate: number, bareRate: number, states: number): Row {
  return {
    what: `orders a second through the local cloud, of ${orders} at once`,
    measured: `${hubRate.toFixed(2)}; ${bareRate.toFixed(2)} through the same ${states} states without the hub: ${(hubRate / bareRate).toFixed(2)} of it`,
    numbers: { hubRate, bareRate, states, ratio: hubRate / bareRate },
  }
}

tell(await main())
