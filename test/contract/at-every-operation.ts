import type { Operation, SendOutcome } from '#connectors/port.ts'
import type { Fault } from '../../bin/local/erp/fault-proxy.ts'
import type { Hooks } from './bring-to-target.ts'
import { type TrytonUnderTest, writeOf } from './tryton-under-test.ts'

/** A fault, and what the connector must make of it. */
export interface ExpectedFault {
  readonly fault: Fault
  readonly said: SendOutcome['kind']
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

/** Every operation meets these faults, one after the other, the first time that it is sent. */
export function meeting(erp: TrytonUnderTest, faults: readonly ExpectedFault[]) {
  const met = new Map<string, { readonly ends: readonly (() => number)[]; readonly said: SendOutcome['kind'][] }>()
  const hooks: Hooks = {
    insists: true,
    send: async (operation, stamp, name) => {
      const meets = met.get(name) ?? {
        ends: faults.map(({ fault }) => erp.proxy.inject({ matches: writes(operation), nth: 1, fault })),
        said: [],
      }
      met.set(name, meets)
      const outcome = await operation.send(stamp)
      meets.said.push(outcome.kind)
      return outcome
    },
  }
  return {
    hooks,
    /** The operations that did not meet each fault once, or were not told right. */
    wrong: () =>
      [...met].flatMap(([name, { ends, said }]) => {
        const applied = ends.map((end) => end())
        const first = said.slice(0, faults.length)
        const isRight = applied.every((times) => times === 1) && faults.every((one, index) => first[index] === one.said)
        return isRight ? [] : [`${name}: ${applied.join(' ')}, ${said.join(' ')}`]
      }),
  }
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
    const pid = erp.erp.serverPid()
    setTimeout(() => pid && process.kill(pid, 'SIGKILL'), afterMs)
  }
  return { fault: { kind: 'meanwhile', run }, said: 'no-answer' }
}

/** Operations that change nothing when they are done already, so that there is nothing to refuse in a second one. */
const idle = [
  ...['assign-delivery', 'plan-delivery', 'open-delivery', 'open-payment'],
  ...['ignore-cancelled-delivery', 'ignore-cancelled-invoice', 'process-sales-order', 'process-goods-return'],
]

/** Every operation is sent by several at once; of those that change anything, one is answered. */
export function crowding(size: number) {
  const wrong: string[] = []
  const hooks: Hooks = {
    send: async (operation, stamp, name) => {
      const outcomes = await Promise.all(Array.from({ length: size }, () => operation.send(stamp)))
      const told = outcomes.map(({ kind }) => kind)
      const answered = told.filter((kind) => kind === 'answered').length
      const others = told.filter((kind) => kind === 'exists' || kind === 'changed').length
      const isRight = answered + others === size && (answered === 1 || idle.includes(operation.name))
      if (!isRight) wrong.push(`${name}: ${told.join(' ')}`)
      return outcomes.find(({ kind }) => kind === 'answered') ?? outcomes[0] ?? { kind: 'no-answer', cause: 'nobody' }
    },
  }
  return { hooks, wrong }
}
