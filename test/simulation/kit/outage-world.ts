import '../hub/settings.ts'
import { type PauseChange, pause } from '#aws/erp-budget/pause-store.ts'
import { doneTwice } from '../erp/done-twice.ts'
import { type FaultPlan, noFaults } from '../faults.ts'
import { profiles } from '../history.ts'
import { names } from '../hub/settings.ts'
import { createHub, type Hub, type HubSettings } from '../hub.ts'
import { booksEqualEvents } from '../laws/books.ts'
import type { Tell, Violation } from '../laws/law.ts'
import { eventsTold, isToldEnded } from '../laws/told.ts'
import type { Execution } from '../machine/execution.ts'
import { addCrossReference } from '../operator.ts'
import { actsOf } from '../purchases/acts.ts'
import { checkPurchaseLaws } from '../purchases/laws.ts'
import { drawPurchases } from '../purchases/purchase.ts'
import { seededRandom } from '../random.ts'
import { plain } from '../set-stories.ts'
import { readState } from '../state.ts'
import { type Entry, signalsOf, submission } from '../story/entries.ts'
import type { Order } from '../story/order.ts'

/**
 * An order and a purchase that are in the ERP before it stands still, and one of each that begin when it does. All that
 * happens to the four is published while it stands still. Nobody operates.
 */
export function outageWorld(plan: FaultPlan, more: Pick<Partial<HubSettings>, 'profile' | 'broken'> = {}) {
  const hub = createHub({ seed: 'outage', profile: profiles['natural-key'], isCalm: true, plan, ...more })
  for (const item of ['item-1', 'item-2']) addCrossReference(hub, 'item', item)
  addCrossReference(hub, 'customer', 'customer-1')
  addCrossReference(hub, 'purchase-tax', '20')
  const random = seededRandom('outage')
  const orders = ['O1', 'O2'].map(orderOf)
  const purchases = drawPurchases(random, ['plain', 'plain'], hub.time.nowMs())
  for (const { supplier } of purchases) addCrossReference(hub, 'supplier', supplier)
  const acts = purchases.map(actsOf)
  const firsts = [...orders.map((one) => submission(one)), ...acts.map(([first]) => first?.entries[0])]
  const later = [...orders.flatMap(signalsOf), ...acts.flatMap((all) => all.slice(1).flatMap(({ entries }) => entries))]
  const [firstOrder, secondOrder, firstPurchase, secondPurchase] = firsts
  return {
    hub,
    begin: () => publish(hub, [firstOrder, firstPurchase]),
    goOn: async () => {
      publish(hub, [secondOrder, secondPurchase])
      await pass(hub, 60_000)
      publish(hub, later)
    },
    areOrdersEnded: () => orders.every((order) => isToldEnded(hub, readState(hub), order)),
    /** What broke a law, was done twice, or is still with a person. */
    wrongs: () => {
      const state = readState(hub)
      const violations: Violation[] = [...checkPurchaseLaws(hub, state, purchases)]
      const tell: Tell = (law, what) => violations.push({ law, what })
      for (const order of orders) {
        if (!isToldEnded(hub, state, order)) tell('never lost', `${order.number} has not ended`)
        booksEqualEvents(hub.books, state, order, tell)
        eventsTold(hub, state, order, tell)
      }
      const open = state.questions.filter(({ status }) => status !== 'gone')
      return [...violations, ...doneTwice(hub.books), ...state.deadLetters, ...open]
    },
  }
}

/** What the executions of a process do while the account is paused for so long that whoever sleeps looks for himself. */
export async function executionsWhilePaused(machine: string): Promise<readonly Execution[]> {
  const world = outageWorld(noFaults)
  const { hub } = world
  try {
    world.begin()
    await pass(hub, hourMs)
    await change(hub, (account) => pause(account, undefined))
    await world.goOn()
    await pass(hub, 8 * hourMs)
    return hub.machines.executions().filter((execution) => execution.machine.name === machine)
  } finally {
    hub.close()
  }
}

const hourMs = 3_600_000

/** A person pauses the account, or resumes it. */
export async function change(hub: Hub, doIt: (account: PauseChange) => Promise<unknown>): Promise<void> {
  const person = { person: 'ann', reason: 'move of its data centre' }
  const done = doIt({ account: names.account, flow: undefined, person })
  await pass(hub, 1000)
  await done
}

/** Time passes, and the sweeper comes every five minutes, or less often in weeks. */
export async function pass(hub: Hub, forMs: number): Promise<void> {
  const untilMs = hub.time.nowMs() + forMs
  const stepMs = Math.max(300_000, forMs / 288)
  while (hub.time.nowMs() < untilMs) {
    await hub.time.run({ untilMs: Math.min(untilMs, hub.time.nowMs() + stepMs) })
    void hub.sweep()
  }
}

function publish(hub: Hub, entries: readonly (Entry | undefined)[]): void {
  for (const entry of entries) {
    if (entry === undefined) throw new Error('A story has no first event')
    const sent = { EventBusName: names.bus, Source: names.system, DetailType: entry.detailType }
    hub.bus.putEvents([{ ...sent, Detail: JSON.stringify(entry.detail) }])
  }
}

/** Two pieces at 12.50, delivered at once and paid. */
function orderOf(number: string): Order {
  return {
    ...plain,
    number,
    caseKey: `${names.system}/sales-order/${number}`,
    goodsIssues: [{ deliveryNote: `DN-${number}` }],
    payments: [{ payment: `PAY-${number}`, cents: 2500 }],
  }
}
