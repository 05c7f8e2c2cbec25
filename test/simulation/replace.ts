import type { Refusals, Seam } from './seam.ts'
import { SimulationError } from './simulation-error.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What stands in for the outside while a simulation runs; each gives back what undoes it. */
export type Undo = () => void

/**
 * Every instance of an SDK client sends through the seam from now on. `request` reads a command once, as the SDK
 * serialises it once; each call of what it gives back is one request on the wire.
 */
export function replaceSend(
  client: { readonly prototype: object },
  settings: {
    readonly seam: Seam
    readonly time: VirtualTime
    readonly service: string
    readonly request: (command: object) => () => unknown
    readonly refusals: Refusals
  },
): Undo {
  const { seam, time, service, request, refusals } = settings
  const send = async (command: object) => {
    const operation = command.constructor.name.replace(/Command$/, '')
    return seam.sdk({ service, operation }, readCommand(request, command, time), refusals)
  }
  return replaceProperty(client.prototype, 'send', send)
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
  const timeout = (milliseconds: number): AbortSignal => {
    const controller = new AbortController()
    time.after(milliseconds, () => {
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    })
    return controller.signal
  }
  return replaceProperty(AbortSignal, 'timeout', timeout)
}
