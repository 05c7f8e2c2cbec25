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
  count(outcome === 'parked' ? 'SignalParked' : 'SignalRecorded')
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
  const { document, read } = signalEvents[name]
  const signal = read(data, `The ${name} in event ${metadata.id} of ${event.source}`)
  return { caseKey: metadata.correlationId ?? caseKeyOf(event.source, document, signal.of), signal, metadata }
}

function isSignalEvent(name: string): name is SignalEvent {
  return Object.hasOwn(signalEvents, name)
}
