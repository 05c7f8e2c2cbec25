import * as z from 'zod'
import { askAnew } from '#aws/ask-about-failure.ts'
import { type CaseItem, caseList, readCase } from '#aws/case-store.ts'
import { type CaseStory, nextEventOf, readStory } from '#aws/case-story.ts'
import { clock } from '#aws/clock.ts'
import { sendDeadLetter } from '#aws/dead-letters.ts'
import { defineHandler } from '#aws/define-step.ts'
import { environment } from '#aws/environment.ts'
import { readBackground } from '#aws/inbox-ground.ts'
import { endInboxItem, InboxItem, inboxList, moneyOf, openInboxItem } from '#aws/inbox-store.ts'
import { readOwnerStatus } from '#aws/owner-status.ts'
import { parkedSignals, relist, SignalItem, touch, waitingSignals } from '#aws/signal-store.ts'
import { startExecution } from '#aws/start-execution.ts'
import { read, readList } from '#aws/table.ts'
import { count, logger, measureSeconds } from '#aws/telemetry.ts'
import { wake } from '#aws/tokens.ts'
import { hasUnasked } from '#aws/unasked.ts'
import type { Owner } from '#domain/errors.ts'
import type { SignalKind } from '#domain/events.ts'
import { partsOf } from '#domain/keys.ts'
import { processes, processNames, processOf } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'

const Listed = z.object({ pk: z.string(), sk: z.string() })

/** Items looked at in one run; what is left is looked at in the next. */
const pageSize = 200
/** The four lists together end before the next run begins, or slow runs would heap up and look at the same items. */
const listMs = 12_000
/** A signal that nobody consumed for so long is looked at: the one who should have woken the case may have died. */
const signalAgeMs = 60_000

/**
 * Finds what nobody else would: a waiting case with a signal that no one told it of, an open case whose execution
 * ended without anyone recording it, a signal whose case never came, a question whose cause has gone away by itself.
 */
export const handler = defineHandler('SweepCases', async () => {
  const nowMs = clock.nowMs()
  const woken = await each(await readList(waitingSignals, nowMs - signalAgeMs, pageSize), wakeIfDue)
  const parked = await each(await readList(parkedSignals, nowMs, pageSize), giveUpParked)
  let restarted = 0
  for (const process of processNames) {
    const silent = await readList(caseList(process, 'open'), nowMs - environment().SILENT_MS, pageSize)
    restarted += await each(silent, carryOn)
  }
  const settled = await each(await readList(inboxList, nowMs, pageSize), endIfSettled)
  logger.info('Swept', { woken, parked, restarted, settled })
  return { woken, parked, restarted, settled }
})

type ListedItem = z.output<typeof Listed>

/** One item that cannot be handled does not keep the others waiting; it stays listed for the next run, as does what there is no time for. */
async function each(items: readonly unknown[], handle: (item: ListedItem) => Promise<boolean>): Promise<number> {
  let handled = 0
  const untilMs = clock.nowMs() + listMs
  for (const item of items) {
    if (clock.nowMs() >= untilMs) break
    const listed = parse(Listed, item, 'A listed item')
    try {
      if (await handle(listed)) {
        handled++
        count('CaseSwept', {})
      }
    } catch (error) {
      count('ItemFailed', { function: 'SweepCases' })
      logger.error(`The sweeper could not handle ${listed.pk} ${listed.sk}: ${String(error)}`, {
        correlationId: listed.pk,
      })
      await touch(listed, clock.nowMs())
    }
  }
  return handled
}

/** Wakes a case that waits although it has something to do, or to ask. */
async function wakeIfDue({ pk, sk }: ListedItem): Promise<boolean> {
  const story = await readStory(pk)
  const isDue = story?.case.status === 'open' && (await hasToAct(story))
  const woken = isDue ? await wake(pk) : 0
  await touch({ pk, sk }, clock.nowMs())
  return woken > 0
}

async function hasToAct(story: CaseStory): Promise<boolean> {
  const next = nextEventOf(story, clock.nowMs())
  return next.kind !== 'nothing-yet' || (await hasUnasked(story, next.asks))
}

/**
 * A signal whose case never came, is rejected, or was closed by a person, becomes a question in the inbox and a dead
 * letter when its time is over; the letter comes again each such time, until somebody has decided.
 */
async function giveUpParked({ pk, sk }: ListedItem): Promise<boolean> {
  const story = await readCase(pk)
  if (story?.status === 'open') {
    await relist({ pk, sk }, waitingSignals)
    return false
  }
  const message = `${sk.replaceAll('#', ' ')} came for ${pk}, which ${story === undefined ? 'was never submitted' : `is ${story.status}`}`
  const signal = parse(SignalItem, await read({ pk, sk }), `The signal ${sk} of ${pk}`)
  // The list is an index, which may be behind.
  if (signal.consumedAtMs !== undefined) return false
  const owner = ownerOfSignal(pk, signal.kind)
  const item = await openInboxItem({
    caseKey: pk,
    kind: 'orphan-signal',
    owner,
    code: 'NO_CASE',
    question: message,
    signal: { kind: signal.kind, number: signal.number },
    ...moneyOf(signal),
    ground: { parkedSignal: true },
    occurrence: '',
  })
  await sendDeadLetter({
    id: `${pk}/${sk}`,
    item,
    caseKey: pk,
    stage: 'RecordSignal',
    class: 'business',
    code: 'NO_CASE',
    owner,
    message,
  })
  await touch({ pk, sk }, clock.nowMs() + environment().PARKED_MS)
  return true
}

/** Who knows what such an event is about. */
function ownerOfSignal(caseKey: string, kind: SignalKind): Owner {
  const owner = ownerOf[kind]
  const isPurchase = partsOf(caseKey).document === processes['procure-to-pay'].document
  return owner === 'sales' && isPurchase ? 'purchasing' : owner
}

const ownerOf: Readonly<Record<SignalKind, Owner>> = {
  'goods-issue': 'warehouse',
  'goods-return': 'warehouse',
  'incoming-payment': 'finance',
  refund: 'finance',
  cancellation: 'sales',
  closing: 'sales',
  change: 'sales',
  'goods-receipt': 'warehouse',
  'supplier-return': 'warehouse',
  'supplier-invoice': 'finance',
  'supplier-credit-note': 'finance',
  approval: 'purchasing',
}

/** How long a question that still stands is left alone by the sweeper. */
const questionAgeMs = 60_000

/** Nobody has to remember to answer a question whose case goes on, or whose signal was taken up; else it stands. */
async function endIfSettled({ pk, sk }: ListedItem): Promise<boolean> {
  const stored = await read({ pk, sk })
  const item = stored === undefined ? undefined : parse(InboxItem, stored, `The inbox item ${sk} of ${pk}`)
  if (item === undefined || item.status === 'decided' || item.status === 'gone') return false
  const { change, story } = await readBackground(item)
  if (change === undefined) {
    measureSeconds('InboxAge', Math.floor((clock.nowMs() - item.openedAtMs) / 1000), {})
    await touch({ pk, sk }, clock.nowMs() + questionAgeMs)
  }
  if (change !== undefined && !(await askAnew(item, story))) await endInboxItem(item, change)
  return change !== undefined
}

/** Each wait begins its own time anew, so that its end may come long after the case's deadline. */
async function isOverdue(caseKey: string): Promise<boolean> {
  const story = await readStory(caseKey)
  return story !== undefined && nextEventOf(story, clock.nowMs()).kind === 'deadline'
}

/**
 * Starts an execution for an open case that has been silent and whose execution does not run; its accept takes the
 * case over by the accept table.
 */
async function carryOn({ pk, sk }: ListedItem): Promise<boolean> {
  const existing: CaseItem | undefined = await readCase(pk)
  if (existing?.status !== 'open') return false
  const status = await readOwnerStatus(existing.owner.executionArn)
  const runs = status === 'RUNNING' || status === 'PENDING_REDRIVE'
  if (!runs) await startExecution(processOf(pk), { resume: pk })
  else if (await isOverdue(pk)) await wake(pk)
  await touch({ pk, sk }, clock.nowMs())
  return !runs
}
