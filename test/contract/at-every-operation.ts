import type { Operation, SendOutcome } from '#connectors/port.ts'
import type { Fault } from '../../bin/local/erp/fault-proxy.ts'
import type { Hooks } from './bring-to-target.ts'
import { type TrytonUnderTest, writeOf } from './tryton-under-test.ts'

/** A fault, and what the connector must make of it; nothing where that depends on the moment. */
export interface ExpectedFault {
  readonly fault: Fault
  readonly said?: SendOutcome['kind']
}

const answer = (status: number, body: string): Fault => ({ kind: 'answer', status, body })

/** What one operation meets attempt after attempt: refused, throttled, a gateway in between, and lost both ways. */
export const everyFault: readonly ExpectedFault[] = [
  { fault: answer(200, '{"error":["UserError",["No.","",null]]}'), said: 'refused' },
  { fault: answer(429, ''), said: 'not-applied' },
  { fault: answer(503, 'could not obtain lock on row in relation "ir_sequence_strict"'), said: 'not-applied' },
  { fault: answer(503, '<html><body>Bad gateway</body></html>'), said: 'no-answer' },
  { fault: { kind: 'lose-request' }, said: 'no-answer' },
  // A warning rolls back, and is sent again at once; what is lost must be the answer to what was done.
  { fault: { kind: 'lose-answer', unless: (text) => text.includes('UserWarning') }, said: 'no-answer' },
]

/**
 * Every operation meets these faults, one after the other, the first time that it is sent, until it is answered: one that
 * was lost on its way back is done, and some look before they write again.
 */
export function meeting(erp: TrytonUnderTest, faults: readonly ExpectedFault[]) {
  const met = new Map<string, Meeting>()
  const hooks: Hooks = {
    insists: true,
    send: async (operation, stamp, name) => {
      const meets = met.get(name) ?? {
        operation: operation.name,
        ends: faults.map(({ fault }) => erp.proxy.inject({ matches: writes(operation), nth: 1, fault })),
        said: [],
        applied: undefined,
      }
      met.set(name, meets)
      const outcome = await operation.send(stamp)
      if (meets.applied !== undefined) return outcome
      meets.said.push(outcome.kind)
      if (['answered', 'exists', 'changed'].includes(outcome.kind)) meets.applied = meets.ends.map((end) => end())
      return outcome
    },
  }
  return {
    hooks,
    /**
     * The operations that met less than so many of the faults, or were not told right. One whose work was done by what was lost
     * of the operation before, and came late, meets none: there is nothing to send.
     */
    wrong: (atLeast: number) =>
      [...met].flatMap(([name, { operation, said, applied = [] }]) => {
        if (idle.includes(operation) && said.join() === 'exists' && applied.every((times) => times === 0)) return []
        const count = applied.filter((times) => times === 1).length
        const isRight =
          count >= atLeast && faults.slice(0, count).every((one, index) => (one.said ?? said[index]) === said[index])
        return isRight ? [] : [`${name}: ${applied.join(' ')}, ${said.join(' ')}`]
      }),
  }
}

interface Meeting {
  readonly operation: Operation['name']
  readonly ends: readonly (() => number)[]
  readonly said: SendOutcome['kind'][]
  /** How often each fault applied, once the operation was answered. */
  applied: readonly number[] | undefined
}

/** Requests that carry the write of this operation. */
export function writes(operation: Operation) {
  const method = writeOf[operation.name]
  if (method === undefined) throw new Error(`Which request is the write of ${operation.name}?`)
  return (request: { readonly method: string }) => request.method === method
}

/** The server is killed while it works on the operation, and its supervisor starts it again. */
export function killing(erp: TrytonUnderTest, afterMs = 20 + Math.random() * 200): ExpectedFault {
  const run = () => {
    setTimeout(() => erp.erp.kill(), afterMs)
  }
  // A kill that comes after the answer hits what is asked next.
  return { fault: { kind: 'meanwhile', run } }
}

/** Operations that change nothing when they are done already, so that there is nothing to refuse in a second one. */
const idle = [
  ...['assign-delivery', 'plan-delivery', 'open-delivery', 'open-payment'],
  ...['open-purchase-order', 'open-goods-receipt', 'open-supplier-return', 'open-supplier-invoice'],
  ...[
    'open-supplier-credit-note',
    'assign-supplier-return',
    'process-purchase-order',
    'process-supplier-return',
    'process-invoices',
  ],
  ...['ignore-cancelled-receipt', 'draft-void-invoice', 'ignore-void-invoice'],
  ...['ignore-cancelled-delivery', 'ignore-cancelled-invoice', 'process-sales-order', 'process-goods-return'],
]

/** PostgreSQL turns away whoever finds a sequence locked; SQLite has one writer, and the others wait for it. */
const turnsAway = process.env.POSTONCE_ERP_DATABASE_URL !== undefined

/** Every operation is sent by several at once; of those that change anything, one is answered. */
export function crowding(size: number) {
  const wrong: string[] = []
  const isOfAnother = (kind: SendOutcome['kind']) =>
    kind === 'exists' || kind === 'changed' || (turnsAway && kind === 'not-applied')
  const hooks: Hooks = {
    send: async (operation, stamp, name) => {
      const outcomes = await Promise.all(Array.from({ length: size }, () => operation.send(stamp)))
      const told = outcomes.map(({ kind }) => kind)
      const answered = told.filter((kind) => kind === 'answered').length
      const others = told.filter(isOfAnother).length
      const isRight = answered + others === size && (answered === 1 || idle.includes(operation.name))
      if (!isRight) wrong.push(`${name}: ${told.join(' ')}`)
      return outcomes.find(({ kind }) => kind === 'answered') ?? outcomes[0] ?? { kind: 'no-answer', cause: 'nobody' }
    },
  }
  return { hooks, wrong }
}
