import { nobody, readCase } from '#aws/case-store.ts'
import { defineHandler } from '#aws/define-step.ts'
import { mapEvent } from '#aws/map-event.ts'
import { recordSignal } from '#aws/signal-store.ts'
import { eachEvent } from '#aws/sqs-batch.ts'
import { startExecution } from '#aws/start-execution.ts'
import { count, logger } from '#aws/telemetry.ts'
import { wake } from '#aws/tokens.ts'
import { PoisonMessageError } from '#domain/errors.ts'
import { type BusEvent, numberOf, type SignalData, type SignalEvent, signalEvents } from '#domain/events.ts'
import { fingerprint } from '#domain/fingerprint.ts'
import { caseKeyOf } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'

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
    number: numberOf(signal),
    eventId: metadata.id,
    occurredAt: metadata.occurredAt ?? event.time,
    fingerprint: fingerprint(signal.data),
    data: signal.data,
  })
  logger.info(`${event['detail-type']} ${numberOf(signal)} ${outcome}`, { correlationId: caseKey })
  if (outcome === 'conflict') {
    throw new PoisonMessageError(
      `${event['detail-type']} ${numberOf(signal)} came before with other content; the first one stands`,
      { document: caseKey },
    )
  }
  count(outcome === 'parked' ? 'SignalParked' : 'SignalRecorded')
  // A duplicate wakes as well: the first delivery may have died between its write and its answer.
  const woken = outcome === 'parked' ? 0 : await wake(caseKey)
  if (woken === 0 && outcome !== 'parked') await carryOnIfNobodyDoes(caseKey)
}

/** A case that this signal, or an earlier delivery of it, has opened again has no execution. */
async function carryOnIfNobodyDoes(caseKey: string): Promise<void> {
  const existing = await readCase(caseKey)
  if (existing?.owner.executionArn === nobody) await startExecution({ resume: caseKey })
}

async function signalOf(event: BusEvent) {
  const name = event['detail-type']
  if (!isSignalEvent(name)) throw new PoisonMessageError(`detail-type "${name}" is not one that a case waits for`)
  const { metadata, data } = await mapEvent(event)
  const signal = signalData(name, data, `The ${name} in event ${metadata.id} of ${event.source}`)
  const { document } = signalEvents[name]
  const caseKey = metadata.correlationId ?? caseKeyOf(event.source, document, signal.data.salesOrder)
  return { caseKey, signal, metadata }
}

function isSignalEvent(name: string): name is SignalEvent {
  return Object.hasOwn(signalEvents, name)
}

function signalData(name: SignalEvent, data: unknown, what: string): SignalData {
  switch (name) {
    case 'GoodsIssued':
      return { kind: 'goods-issue', data: parse(signalEvents.GoodsIssued.data, data, what) }
    case 'PaymentReceived':
      return { kind: 'incoming-payment', data: parse(signalEvents.PaymentReceived.data, data, what) }
    case 'SalesOrderCancelled':
      return { kind: 'cancellation', data: parse(signalEvents.SalesOrderCancelled.data, data, what) }
    case 'SalesOrderClosed':
      return { kind: 'closing', data: parse(signalEvents.SalesOrderClosed.data, data, what) }
    case 'ReturnReceived':
      return { kind: 'goods-return', data: parse(signalEvents.ReturnReceived.data, data, what) }
    case 'RefundRequested':
      return { kind: 'refund', data: parse(signalEvents.RefundRequested.data, data, what) }
  }
}
