import * as z from 'zod'
import { readBody } from '#aws/body-store.ts'
import { acceptedCase, type CaseContent, type CaseItem, claimCase, nobody, readCase } from '#aws/case-store.ts'
import { clock, isoOf } from '#aws/clock.ts'
import { translate } from '#aws/cross-reference-store.ts'
import { defineAccept } from '#aws/define-step.ts'
import { required } from '#aws/environment.ts'
import { mapEvent } from '#aws/map-event.ts'
import { Execution } from '#aws/middleware/own-case.ts'
import { readOwnerStatus } from '#aws/owner-status.ts'
import { PayloadReference, readPayload } from '#aws/payload-store.ts'
import { readPosting } from '#aws/posting-store.ts'
import { recordSignal } from '#aws/signal-store.ts'
import { wake } from '#aws/tokens.ts'
import { decideAccept, decideOwner } from '#domain/accept.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { BusinessError, RetryableError } from '#domain/errors.ts'
import { BusEvent } from '#domain/events.ts'
import { fingerprint } from '#domain/fingerprint.ts'
import { caseKeyOf, partsOf } from '#domain/keys.ts'
import { findContradictions } from '#domain/sales-order-rules.ts'
import { parse } from '#domain/schema.ts'
import { sourceOf } from '#domain/sources.ts'

const process = 'order-to-cash'

/** An event from the bus, where a large one lies, or the sweeper's request to carry a silent case on. */
const Input = z.object({
  execution: Execution,
  event: z.union([z.object({ resume: z.string() }), PayloadReference, BusEvent]),
  askedBefore: z.boolean().default(false),
})

/** What the machine does next: carry the case, ask about its owner again, or end. */
export type Accepted =
  | {
      readonly outcome: 'accepted'
      readonly case: { readonly key: string; readonly number: string; readonly epoch: number }
    }
  | { readonly outcome: 'ask-again' | 'duplicate' | 'superseded' | 'forwarded' }

/**
 * Maps, validates and cross-references the event, and claims the case for this execution by the accept table.
 * @throws PoisonMessageError the event is not understood; BusinessError its content breaks a rule, contradicts what was
 *   accepted before, or names an id that the ERP does not know
 */
export const handler = defineAccept('AcceptSalesOrder', Input, async (input): Promise<Accepted> => {
  const order = await orderOf(input.event)
  for (let attempt = 1; attempt <= 5; attempt++) {
    const accepted = await accept(order, input.execution, input.askedBefore)
    if (accepted !== 'changed-meanwhile') return accepted
  }
  throw new RetryableError(`The case ${order.caseKey} changes faster than it can be accepted`, {
    document: order.caseKey,
  })
})

/** An order as accept needs it. */
interface Order extends Omit<CaseContent, 'lines' | 'netTotal' | 'currency' | 'createdVersion'> {
  readonly caseKey: string
  readonly system: string
  readonly salesOrder: SalesOrder
  readonly eventId: string
  readonly occurredAt: string
}

async function orderOf(event: z.output<typeof Input>['event']): Promise<Order> {
  if ('resume' in event) return await orderOfCase(event.resume)
  if ('payload' in event) return await orderOfEvent(parse(BusEvent, await readPayload(event), 'The event'))
  return await orderOfEvent(event)
}

async function orderOfEvent(event: BusEvent): Promise<Order> {
  const { metadata, data, mapping } = await mapEvent(event)
  const salesOrder = parse(SalesOrder, data, `The sales order in event ${metadata.id} of ${event.source}`)
  const version = metadata.sourceVersion ?? 1
  return {
    caseKey: caseKeyOf(event.source, 'sales-order', salesOrder.number),
    system: event.source,
    salesOrder,
    version,
    fingerprint: fingerprint({ version, salesOrder }),
    mapping,
    eventId: metadata.id,
    occurredAt: metadata.occurredAt ?? event.time,
  }
}

async function orderOfCase(caseKey: string): Promise<Order> {
  const existing = await readCase(caseKey)
  if (existing === undefined) throw new Error(`There is no case ${caseKey} to resume`)
  return {
    caseKey,
    system: partsOf(caseKey).system,
    salesOrder: await readBody(SalesOrder, caseKey, existing.version),
    version: existing.version,
    fingerprint: existing.fingerprint,
    mapping: existing.mapping,
    eventId: `resume/${caseKey}`,
    occurredAt: new Date(existing.acceptedAtMs).toISOString(),
  }
}

async function accept(
  order: Order,
  execution: z.output<typeof Execution>,
  askedBefore: boolean,
): Promise<Accepted | 'changed-meanwhile'> {
  const existing = await readCase(order.caseKey)
  const isBound = existing !== undefined && (await isInErp(order))
  const decision = decideAccept(existing && acceptedCase(existing), order, execution.arn, isBound)
  // What the sales order was created with in the ERP stays what it was, however it was amended since.
  const createdVersion = isBound ? (existing.createdVersion ?? existing.version) : order.version
  const takeOver = () => claim({ ...order, createdVersion }, execution, existing, (existing?.owner.epoch ?? 0) + 1)
  switch (decision.do) {
    case 'create':
    case 'take-over':
      return await takeOver()
    case 'resume':
      return await claim({ ...order, createdVersion }, execution, existing, existing?.owner.epoch ?? 1)
    case 'ask-owner': {
      const next = decideOwner(await readOwnerStatus(existing?.owner.executionArn ?? nobody), askedBefore)
      if (next === 'take-over') return await takeOver()
      return { outcome: next === 'duplicate' ? 'duplicate' : 'ask-again' }
    }
    case 'forward':
      return await forward(order)
    case 'end':
      return { outcome: decision.as }
    case 'conflict':
      throw conflict(order, existing)
  }
}

/** Whether the sales order has been brought into the ERP, at least in part, or may have been. */
async function isInErp({ caseKey, salesOrder }: Order): Promise<boolean> {
  const posting = await readPosting(caseKey, { document: 'sales-order', number: salesOrder.number })
  if (posting === undefined) return false
  return posting.status !== 'refused' || (posting.applied?.operations ?? 0) > 0
}

/** A newer version of an order under way is a signal for the execution that carries it. */
async function forward(order: Order): Promise<Accepted | 'changed-meanwhile'> {
  const outcome = await recordSignal(order.caseKey, {
    kind: 'change',
    number: String(order.version),
    eventId: order.eventId,
    occurredAt: order.occurredAt,
    fingerprint: order.fingerprint,
    data: order.salesOrder,
  })
  if (outcome === 'conflict') throw conflict(order, undefined)
  // The case ended in between: what it is now decides.
  if (outcome === 'not-open') return 'changed-meanwhile'
  await wake(order.caseKey)
  return { outcome: 'forwarded' }
}

function conflict({ caseKey, version, system }: Order, existing: CaseItem | undefined): BusinessError {
  const accepted = existing === undefined ? 'before' : `as version ${existing.version} and is ${existing.status}`
  return new BusinessError(
    {
      code: 'CONFLICT',
      message: `Version ${version} of ${caseKey} was accepted ${accepted}, with other content; this one is not taken. Compare both, then change the order in the ERP or mend the source.`,
      field: 'metadata.sourceVersion',
      owner: 'sales',
    },
    { document: caseKey, system },
  )
}

async function claim(
  order: Order & { readonly createdVersion: number },
  execution: z.output<typeof Execution>,
  existing: CaseItem | undefined,
  epoch: number,
): Promise<Accepted | 'changed-meanwhile'> {
  const priced = priceSalesOrder(order.salesOrder, sourceOf(order.system).rounding)
  const written = await claimCase(
    order.caseKey,
    process,
    { executionArn: execution.arn, epoch, redriveCount: execution.redriveCount },
    {
      version: order.version,
      createdVersion: order.createdVersion,
      fingerprint: order.fingerprint,
      mapping: order.mapping,
      currency: order.salesOrder.currency,
      netTotal: priced.netTotal,
      lines: order.salesOrder.lines.map(({ number, quantity }) => ({ line: number, quantity })),
    },
    order.salesOrder,
    existing,
    { stage: 'accepted', by: execution.arn, cause: order.eventId, mapping: order.mapping },
  )
  if (!written.ok) return 'changed-meanwhile'
  // After the claim, so that an order that breaks a rule is a case that can be seen, mended and redriven.
  checkContent(order)
  await checkReferences(order)
  return { outcome: 'accepted', case: { key: order.caseKey, number: order.salesOrder.number, epoch } }
}

/** Says everything that is wrong at once; the first of them gives the code. */
function checkContent({ salesOrder, caseKey, system }: Order): void {
  const today = isoOf(clock.nowMs()).slice(0, 10)
  const [first, ...others] = findContradictions(salesOrder, sourceOf(system), today)
  if (first === undefined) return
  const message = [`${caseKey}: ${first.message}`, ...others.map((one) => one.message)].join('; ')
  throw new BusinessError({ ...first, message }, { document: caseKey, system })
}

async function checkReferences({ salesOrder, system }: Order): Promise<void> {
  const account = required('ERP_ACCOUNT')
  await translate(system, 'customer', salesOrder.customer.id, account, 'customer.id')
  const items = new Map(salesOrder.lines.map((line, index) => [line.item.id, `lines[${index}].item.id`]))
  for (const [id, field] of items) await translate(system, 'item', id, account, field)
}
