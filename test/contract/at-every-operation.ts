import type { Operation } from '#connectors/port.ts'
import type { Fault } from '../../bin/local/erp/fault-proxy.ts'
import { type TrytonUnderTest, writeOf } from './tryton-under-test.ts'

/** Every operation meets the fault, the first time it is sent. */
export function atEveryOperation(erp: TrytonUnderTest, fault: Fault) {
  const met = new Map<string, () => number>()
  return {
    before: (operation: Operation) => {
      if (met.has(operation.name)) return
      const method = writeOf[operation.name]
      if (method === undefined) throw new Error(`Which request is the write of ${operation.name}?`)
      met.set(operation.name, erp.proxy.inject({ matches: (request) => request.method === method, nth: 1, fault }))
    },
    applied: () => [...met.values()].map((end) => end()),
  }
}

/** The server is killed while it works on the operation, and its supervisor starts it again. */
export function killing(erp: TrytonUnderTest): Fault {
  return {
    kind: 'meanwhile',
    run: () => {
      const pid = erp.erp.serverPid()
      setTimeout(() => pid && process.kill(pid, 'SIGKILL'), 20 + Math.random() * 200)
    },
  }
}
