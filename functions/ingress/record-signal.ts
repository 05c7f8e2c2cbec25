import { caseOfPurchase } from '#aws/case-of-purchase.ts'
import { nobody, readCase } from '#aws/case-store.ts'
import { defineHandler } from '#aws/define-step.ts'
import { mapEvent } from '#aws/map-event.ts'
import { recordSignal } from '#aws/signal-store.ts'
import { eachEvent } from '#aws/sqs-batch.ts'
import { startExecution } from '#aws/start-execution.ts'
import { count, logger } from '#aws/telemetry.ts'
import { wake } from '#aws/tokens.ts'
import { PoisonMessageError } from '#domain/errors.ts'
import { type BusEvent, type SignalEvent, signalEvents } from '#domain/events.ts'
import { fingerprint } from '#domain/fingerprint.ts'
import { caseKeyOf } from '#domain/keys.ts'
import { processOf } from '#domain/processes.ts'
import { toldInUbl } from '#ubl/told-in-ubl.ts'

/**
 * Records each event as a signal of its case and wakes the execution that waits for it. What cannot be understood
 * becomes a dead letter; what fails otherwise is delivered again.
 */
export const handler = defineHandler('RecordSignal', async (payload) => {
  return await eachEvent('RecordSignal', payload, recordOne)
})

async function recordOne(event: BusEvent): Promise<void> {
  const { caseKey, signal, metadata } = await signalOf(event)
  const outcome = await recordSignal(caseKey, {
    kind: signal.kind,
    number: signal.number,
    eventId: metadata.id,
    occurredAt: metadata.occurredAt ?? event.time,
    fingerprint: fingerprint(signal.data),
    data: signal.data,
  })
  logger.info(`${event['detail-type']} ${signal.number} ${outcome}`, { correlationId: caseKey })
  if (outcome === 'conflict') {
    throw new PoisonMessageError(
      `${event['detail-type']} ${signal.number} came before with other content; the first one stands`,
      { document: caseKey },
    )
  }
  count(outcome === 'parked' ? 'SignalParked' : 'SignalRecorded', {})
  // A duplicate wakes as well: the first delivery may have died between its write and its answer.
  const woken = outcome === 'parked' ? 0 : await wake(caseKey)
  if (woken === 0 && outcome !== 'parked') await carryOnIfNobodyDoes(caseKey)
}

/** A case that this signal, or an earlier delivery of it, has opened again has no execution. */
async function carryOnIfNobodyDoes(caseKey: string): Promise<void> {
  const existing = await readCase(caseKey)
  if (existing?.owner.executionArn === nobody) await startExecution(processOf(caseKey), { resume: caseKey })
}

async function signalOf(event: BusEvent) {
  const name = event['detail-type']
  if (!isSignalEvent(name)) throw new PoisonMessageError(`detail-type "${name}" is not one that a case waits for`)
  const { metadata, data } = await mapEvent(event)
  const what = `The ${name} in event ${metadata.id} of ${event.source}`
  const told = toldInUbl(name, data, what) ?? { event: name, data }
  const { document, read } = signalEvents[told.event]
  const signal = read(told.data, what)
  const caseKey = metadata.correlationId ?? (await caseOf(event.source, document, signal))
  return { caseKey, signal, metadata }
}

type Signal = ReturnType<(typeof signalEvents)[SignalEvent]['read']>

/** A supplier knows our order by the number that the ERP has printed on it, and comes by another way than the order did. */
async function caseOf(source: string, document: string, signal: Signal): Promise<string> {
  const isBill = signal.kind === 'supplier-invoice' || signal.kind === 'supplier-credit-note'
  return isBill ? await caseOfPurchase(source, signal.data) : caseKeyOf(source, document, signal.of)
}

function isSignalEvent(name: string): name is SignalEvent {
  return Object.hasOwn(signalEvents, name)
}
