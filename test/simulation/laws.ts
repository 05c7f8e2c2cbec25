import { doneTwice } from './erp/done-twice.ts'
import type { Profile } from './erp/profiles.ts'
import type { Hub } from './hub.ts'
import { isRecord } from './json.ts'
import { auditIsWhole } from './laws/audit.ts'
import { booksEqualEvents } from './laws/books.ts'
import type { Tell, Violation } from './laws/law.ts'
import { eventsTold, isEnded, toldOf } from './laws/told.ts'
import type { State } from './state.ts'
import type { Order } from './story/order.ts'
import type { Story } from './story.ts'

/** What must hold after every history, whatever happened in it. */
export function checkLaws(hub: Hub, state: State, story: Story, profile: Profile): Violation[] {
  const violations: Violation[] = []
  const tell: Tell = (law, what) => violations.push({ law, what })
  // Law 1: at most one document for each reference, and each of its effects at most once.
  for (const what of doneTwice(hub.books)) tell('once', what)
  for (const what of hub.ownerFaults) tell('owner', what)
  auditIsWhole(hub, state, tell)
  for (const order of story.orders) {
    const status = state.cases.get(order.caseKey)?.status
    if (isEnded(status)) {
      booksEqualEvents(hub.books, state, order, tell)
      eventsTold(hub, state, order, tell)
      signalsEnded(state, order, tell)
    } else notLost(state, order, status, profile, tell)
    for (const { version } of order.changes) newestWins(hub, state, order, version, tell)
  }
  return violations
}

/** Law 3: a version that was accepted is never taken back, and one that was not was refused, or is with a person. */
function newestWins(hub: Hub, state: State, order: Order, version: number, tell: Tell): void {
  const id = `submitted-${order.number}-${version}`
  const stored = state.cases.get(order.caseKey)
  const isPublished = hub.bus.events.some(
    ({ detail }) => isRecord(detail) && isRecord(detail.metadata) && detail.metadata.id === id,
  )
  if (!isPublished || stored === undefined || stored.version >= version) return
  // Refused, or set aside for one that is newer still.
  const signal = state.signals.find(({ pk, sk }) => pk === order.caseKey && sk === `SIGNAL#change#${version}`)
  const isNewest = order.changes.every((one) => one.version <= version)
  if (signal?.consumedAtMs !== undefined && !isNewest) return
  if (toldOf(hub, order.caseKey).has(`${order.caseKey}/SalesOrderChangeRefused/change/${version}`)) return
  const letters = state.deadLetters.filter(({ caseKey }) => caseKey?.startsWith(order.caseKey))
  const carriers = hub.machines.executions().filter(({ input }) => input.includes(`"${id}"`))
  const isToldOf = (arn: string) => hub.unrecorded.has(arn) || state.deadLetters.some((one) => one.executionArn === arn)
  const isForPerson = isEnded(stored.status) ? letters.some(({ code }) => code === 'CONFLICT') : letters.length > 0
  if (!isForPerson && !carriers.some(({ arn }) => isToldOf(arn)))
    tell('never lost', `${order.number}: version ${version} is neither accepted nor refused nor with a person`)
}

/** Law 2, for signals of a case that has ended: each is consumed. */
function signalsEnded({ signals }: State, order: Order, tell: Tell): void {
  for (const { pk, sk, consumedAtMs } of signals) {
    if (pk === order.caseKey && consumedAtMs === undefined)
      tell('never lost', `${order.number}: ${sk} was not consumed`)
  }
}

/** Law 2, for a case that has not ended: a person knows of it, and only where somebody else has to decide. */
function notLost(state: State, order: Order, status: string | undefined, profile: Profile, tell: Tell): void {
  const letters = state.deadLetters.filter(({ caseKey }) => caseKey?.startsWith(order.caseKey))
  const isInDoubt = state.postings.some(({ pk, status: posting }) => pk === order.caseKey && posting === 'in-doubt')
  if (order.changes.length > 0 && status !== 'open' && status !== undefined && letters.length > 0) return
  if (isDeliveredAfterCancellation(state, order, status) && letters.length > 0) return
  if (profile.name === 'neither' && status === 'rejected' && letters.length > 0 && isInDoubt) return
  tell('never lost', `${order.number}: the case is ${status ?? 'not there'}, with ${letters.length} dead letters`)
}

/** Goods left although the order is cancelled: whether they were brought back is nothing that the hub can know. */
export function isDeliveredAfterCancellation(
  { cases }: State,
  { caseKey }: Order,
  status: string | undefined,
): boolean {
  return status === 'rejected' && cases.get(caseKey)?.failure?.code === 'NOTHING_TO_DELIVER'
}
