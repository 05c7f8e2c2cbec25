import { doneTwice } from './erp/done-twice.ts'
import { names } from './hub/settings.ts'
import type { Hub } from './hub.ts'
import { isRecord } from './json.ts'
import { auditIsWhole } from './laws/audit.ts'
import { booksEqualEvents } from './laws/books.ts'
import type { Tell, Violation } from './laws/law.ts'
import { eventsTold, isEnded, toldOf } from './laws/told.ts'
import { orderOf } from './operator.ts'
import type { State } from './state.ts'
import type { Order } from './story/order.ts'
import type { Story } from './story.ts'

/** What must hold after every history, whatever happened in it. */
export function checkLaws(hub: Hub, state: State, story: Story, isUndisturbed: boolean): Violation[] {
  const violations: Violation[] = []
  const tell: Tell = (law, what) => violations.push({ law, what })
  // Law 1: at most one document for each reference, and each of its effects at most once.
  for (const what of doneTwice(hub.books)) tell('once', what)
  for (const what of hub.ownerFaults) tell('owner', what)
  // Law 5, as the ERP counts.
  for (const what of hub.limitFaults) tell('limit', what)
  auditIsWhole(hub, state, tell)
  for (const order of story.orders) {
    const status = state.cases.get(order.caseKey)?.status
    if (isUndisturbed) endedSoon(hub, state, order, tell)
    if (isEnded(status)) {
      booksEqualEvents(hub.books, state, order, tell)
      eventsTold(hub, state, order, tell)
      signalsEnded(state, order, tell)
    } else notLost(state, order, status, tell)
    noneOverslept(hub, order, tell)
    contradictionsTold(state, order, tell)
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

/** Law 2, for a case that has not ended: a person is asked, and only where somebody else has to decide. */
function notLost(state: State, order: Order, status: string | undefined, tell: Tell): void {
  const letters = state.deadLetters.filter(({ caseKey }) => caseKey?.startsWith(order.caseKey))
  const asked = state.questions.filter(({ pk }) => pk === order.caseKey)
  const isAsked = asked.some((one) => one.status === 'open' || one.status === 'proposed')
  if (isDeliveredAfterCancellation(state, order, status) && letters.length > 0 && isAsked) return
  const what = `the case is ${status ?? 'not there'}, with ${letters.length} dead letters`
  tell('never lost', `${order.number}: ${what}, ${asked.map(({ kind, status: now }) => `${kind} ${now}`).join(', ')}`)
}

/** Well before the sweeper looks after a case that is silent. */
const soonMs = 600_000

/** Law 6: where nothing went wrong and nobody meddled, a case ends soon after the last event. */
function endedSoon({ bus }: Hub, { cases }: State, { caseKey, number, isPaidLate }: Order, tell: Tell): void {
  const lastMs = Math.max(
    ...bus.events.filter(({ source }) => source === names.system).map(({ time }) => Date.parse(time)),
  )
  const endedMs = cases.get(caseKey)?.listedAtMs ?? Number.POSITIVE_INFINITY
  if (endedMs > lastMs + soonMs && !isPaidLate)
    tell('told', `${number}: ended only ${(endedMs - lastMs) / 60_000} min after all`)
}

/** Law 6: a case sleeps until its deadline only when what it waits for comes after that. */
function noneOverslept(hub: Hub, order: Order, tell: Tell): void {
  if (order.isPaidLate) return
  for (const { input, visits } of hub.machines.executions()) {
    const isOverslept = visits.some(({ state, exits }) => state === 'AwaitEvent' && exits.includes('catch 0'))
    if (isOverslept && orderOf(hub, input) === order.number)
      tell('told', `${order.number}: slept until its deadline, though everything had come`)
  }
}

/** Law 2, for an event that says otherwise than one before: a person is told. */
function contradictionsTold({ deadLetters }: State, order: Order, tell: Tell): void {
  const told = deadLetters.filter(({ caseKey, code }) => caseKey === order.caseKey && code === 'PoisonMessageError')
  if (told.length < order.contradictions.length)
    tell('never lost', `${order.number}: nobody was told of a payment that came with another amount`)
}

/**
 * Goods left although the order is cancelled: whether they were brought back is nothing that the hub can know. The ERP says
 * so; or that somebody has changed the order, where a first request for them was lost.
 */
export function isDeliveredAfterCancellation(
  { cases, postings }: State,
  { caseKey }: Order,
  status: string | undefined,
): boolean {
  const { code, stage } = cases.get(caseKey)?.failure ?? {}
  if (status !== 'rejected') return false
  if (code === 'NOTHING_TO_DELIVER') return true
  const isCancelled = postings.some(
    ({ pk, sk, status: now }) =>
      pk === caseKey && sk.startsWith('POSTING#sales-order-cancellation#') && now === 'posted',
  )
  return code === 'CONFLICT' && stage === 'PostGoodsIssue' && isCancelled
}
