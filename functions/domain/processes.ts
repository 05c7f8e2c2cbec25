import { openPoints } from '#domain/next-event/open-points.ts'
import type { CaseFacts, NextEvent, Question, SignalFacts, SignalName } from '#domain/next-event/situation.ts'
import { signalOf } from '#domain/next-event/under-way.ts'
import { purchaseSignalOf } from '#domain/purchase/situation.ts'
import type { Owner } from './errors.ts'
import type { HubEvent } from './events.ts'
import { partsOf } from './keys.ts'
import { pickNextEvent } from './pick-next-event.ts'
import { openPurchasePoints, pickNextPurchaseEvent, purchaseQuestions } from './pick-next-purchase-event.ts'
import type { PostingFacts } from './posted-documents.ts'

/** What tells one process from another, as far as the machinery that they share must know. */
export interface Process {
  /** What a case is of: the middle of its key. */
  readonly document: string
  /** The first document that it brings into the ERP. */
  readonly order: 'sales-order' | 'purchase-order'
  /** How the hub's events name the case: `{ "salesOrder": "T1001" }`. */
  readonly field: string
  /** What is published when a case stands still, for a business reason or for another. */
  readonly rejected: HubEvent
  readonly failed: HubEvent
  /** Decides what a case does next. Pure, and blind to the order of arrival. */
  readonly pickNextEvent: (
    facts: CaseFacts,
    signals: readonly SignalFacts[],
    postings: readonly PostingFacts[],
    nowMs: number,
  ) => NextEvent
  /** What a case asks a person; none for a process that asks nobody before it goes on. */
  readonly questionsOf?: (
    facts: CaseFacts,
    signals: readonly SignalFacts[],
    postings: readonly PostingFacts[],
    nowMs: number,
  ) => readonly Question[]
  /** What keeps a case from its end, in words, and who can do most about it. */
  readonly openPoints: (
    facts: Pick<CaseFacts, 'lines'>,
    signals: readonly SignalFacts[],
    postings: readonly PostingFacts[],
  ) => { readonly text: string; readonly owner: Owner }
  /** The signal that a posting belongs to. */
  readonly signalOf: (kind: string, number: string) => SignalName | undefined
}

/**
 * Every process. To add one: a machine in `state-machines/`, a folder of its steps under `functions/`, and an entry here;
 * its events stand in `events.ts`.
 */
export const processes = {
  'order-to-cash': {
    document: 'sales-order',
    order: 'sales-order',
    field: 'salesOrder',
    rejected: 'SalesOrderRejected',
    failed: 'SalesOrderFailed',
    pickNextEvent,
    openPoints,
    signalOf,
  },
  'procure-to-pay': {
    document: 'purchase-requisition',
    order: 'purchase-order',
    field: 'purchaseOrder',
    rejected: 'PurchaseRequisitionRejected',
    failed: 'PurchaseRequisitionFailed',
    pickNextEvent: pickNextPurchaseEvent,
    questionsOf: purchaseQuestions,
    openPoints: openPurchasePoints,
    signalOf: purchaseSignalOf,
  },
} as const satisfies Record<string, Process>
export type ProcessName = keyof typeof processes
export const processNames = Object.keys(processes).filter(isProcess)

function isProcess(name: string): name is ProcessName {
  return Object.hasOwn(processes, name)
}

/** The process of a case, by what the case is of. @throws Error when there is none */
export function processOf(caseKey: string): ProcessName {
  const { document } = partsOf(caseKey)
  const name = processNames.find((one) => processes[one].document === document)
  if (name === undefined) throw new Error(`${caseKey} is a case of no process`)
  return name
}

/** The process of an execution, by its ARN: `…:execution:postonce-order-to-cash:…`. */
export function processOfExecution(executionArn: string): ProcessName | undefined {
  return processNames.find((name) => executionArn.includes(`:execution:${machinePrefix}${name}:`))
}

/** Names of the machines begin with this, so that one rule hears of all of them. */
export const machinePrefix = 'postonce-'
