import { isEnded } from '#aws/case-store.ts'
import type { CaseStory } from '#aws/case-story.ts'
import type { SignalKind } from '#domain/events.ts'
import { type Process, processes, processOf } from '#domain/processes.ts'
import { type Outlook, outlookOf, standOf } from '../redrive/outlook.ts'
import type { KeptName } from './events-of-case.ts'

/** What one event has brought into the ERP, what would be brought now, and what comes of the event when it is told again. */
export interface EventOutlook {
  readonly why: string
  readonly outlook: Outlook
}

const nothing: Outlook = { posted: [], begun: [], next: [], waiting: [] }

/**
 * Looks at an event as its case stands now: from the table alone, nothing is asked of the ERP. What is posted already stays
 * as it is, whoever tells the event again.
 */
export function outlookOfEvent(of: KeptName, story: CaseStory | undefined, nowMs: number): EventOutlook {
  const name = `${of.kind === 'order' ? 'version' : of.kind}/${of.number}`
  if (story === undefined) return { why: 'it waits for its case', outlook: { ...nothing, waiting: [name] } }
  const all = outlookOf(story, nowMs)
  const { status, version } = story.case
  // Accept takes such a case over, whatever it has come to.
  const isTriedAgain = status === 'failed' || status === 'rejected'
  if (of.kind === 'order' && Number(of.number) === version && isTriedAgain) {
    return { why: `its case is ${status} and is tried again`, outlook: all }
  }
  const { posted, begun } = standOf(story.postings.filter(({ kind, number }) => isOf(of, story, kind, number)))
  const next = all.next.filter((document) => {
    const [kind = '', ...number] = document.split('/')
    return isOf(of, story, kind, number.join('/'))
  })
  const end = endOf(of, story, posted.length > 0 && begun.length === 0)
  if (end !== undefined) return { why: end, outlook: { ...nothing, posted, begun } }
  const waiting = posted.length + begun.length + next.length > 0 ? [] : [name]
  const why = waiting.length > 0 ? 'it waits for its turn' : 'it is not through'
  return { why, outlook: { posted, begun, next, waiting } }
}

/** Whether the event brings this document into the ERP: `customer-invoice/DN-1` is of the goods issue DN-1. */
function isOf({ kind, number }: KeptName, { case: theCase }: CaseStory, document: string, itsNumber: string): boolean {
  const { order, signalOf }: Process = processes[processOf(theCase.pk)]
  if (kind === 'order' && document === order) return Number(number) === (theCase.createdVersion ?? theCase.version)
  const signal = signalOf(document, itsNumber)
  return signal?.kind === signalKindOf(kind) && signal.number === number
}

/** The signal that an event is while another version of its order is under way. */
function signalKindOf(kind: KeptName['kind']): SignalKind {
  return kind === 'order' ? 'change' : kind
}

/** Why nothing more comes of the event; undefined while something may. */
function endOf({ kind, number }: KeptName, story: CaseStory, isPosted: boolean): string | undefined {
  const { status, version } = story.case
  const isSignal = kind !== 'order' || Number(number) > version
  const signal = story.signals.find((one) => one.number === number && one.kind === signalKindOf(kind))
  if (isSignal && signal?.refusal !== undefined) return `it was refused: ${signal.refusal.code}`
  if (isSignal) return signal?.consumedAtMs === undefined ? undefined : 'it is through'
  if (Number(number) < version) return `version ${version} is newer`
  if (isEnded(status)) return `its case is ${status}`
  return isPosted ? 'it is through' : undefined
}
