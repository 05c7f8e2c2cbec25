import type { Refusals, Seam } from './seam.ts'
import { SimulationError } from './simulation-error.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What stands in for the outside while a simulation runs; each gives back what undoes it. */
export type Undo = () => void

export type SendSettings = {
  readonly seam: Seam
  readonly time: VirtualTime
  readonly service: string
  readonly request: (command: object) => () => unknown
  readonly refusals: Refusals
}

type Client = { readonly prototype: object }

/** Every instance of an SDK client sends through the seam from now on. */
export function replaceSend(client: Client, settings: SendSettings): Undo {
  return replaceProperty(client.prototype, 'send', sender(settings))
}

/**
 * What stands in for a client's `send`. `request` reads a command once, as the SDK serialises it once; each call of what
 * it gives back is one request on the wire.
 */
export function sender({ seam, time, service, request, refusals }: SendSettings) {
  return async (command: object) => {
    const operation = operationOf(command.constructor)
    return seam.sdk({ service, operation }, readCommand(request, command, time), refusals)
  }
}

const operations = new Map<unknown, string>()

function operationOf(kind: { readonly name: string }): string {
  const known = operations.get(kind)
  if (known !== undefined) return known
  const operation = kind.name.replace(/Command$/, '')
  operations.set(kind, operation)
  return operation
}

/**
 * Puts something in the place of a property for good, which answers from whatever runs just then, and as before where nothing
 * runs. To exchange a property of a prototype for each history makes V8 throw away all code that it has optimised for it.
 */
export function redirectProperty(target: object, name: string, now: () => unknown): void {
  const before: unknown = Reflect.get(target, name)
  replaceProperty(target, name, function (this: unknown, ...given: readonly unknown[]): unknown {
    const called = now() ?? before
    if (typeof called !== 'function') throw new SimulationError(`${name} is no function`)
    return Reflect.apply(called, this, given)
  })
}

function readCommand(request: (command: object) => () => unknown, command: object, time: VirtualTime): () => unknown {
  try {
    return request(command)
  } catch (error) {
    if (error instanceof SimulationError) time.fail(error)
    throw error
  }
}

export function replaceProperty(target: object, name: string, value: unknown): Undo {
  const before = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, before)
  }
}

/** `AbortSignal.timeout` counts virtual milliseconds. */
export function replaceAbortTimeout(time: VirtualTime): Undo {
  return replaceProperty(AbortSignal, 'timeout', abortTimeout(time))
}

export function abortTimeout(time: VirtualTime): (milliseconds: number) => AbortSignal {
  return (milliseconds) => {
    const controller = new AbortController()
    time.after(milliseconds, () => {
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    })
    return controller.signal
  }
}
