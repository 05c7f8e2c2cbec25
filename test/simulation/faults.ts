import type { Random } from './random.ts'

/** One request on its way out, with the name that crash points are listed by. */
export type Call = {
  readonly protocol: 'sdk' | 'http'
  readonly service: string
  readonly operation: string
  readonly functionName: string | undefined
  /** The how-manieth of the whole history. */
  readonly ordinal: number
  /** `CreateSalesOrder dynamodb TransactWrite 2`: function, service, operation, the how-manieth of its invocation. */
  readonly point: string
}

export type Fault =
  /** The Lambda dies. */
  | { readonly kind: 'crash-before' | 'crash-after' }
  /** It is frozen so long, and thawed: it goes on even if its time-out was reported meanwhile. */
  | { readonly kind: 'frozen-before' | 'frozen-after'; readonly forMs: number }
  /** The connection was refused: nothing was sent. */
  | { readonly kind: 'not-connected' }
  /** No answer, by a reset or by silence; the SDK repeats so many times. */
  | { readonly kind: 'request-lost' | 'answer-lost'; readonly isSilent: boolean; readonly times: number }
  /** No answer, and the effect comes later. */
  | { readonly kind: 'late-effect'; readonly isSilent: boolean; readonly afterMs: number }
  /** It arrives twice, the second time so much later; the first answer counts. Only calls of a Lambda do. */
  | { readonly kind: 'twice'; readonly afterMs: number }
  /** Refused for now, so many times: 429, 503, or another transaction on the same item. */
  | { readonly kind: 'throttled' | 'unavailable' | 'conflict'; readonly times: number }

export type FaultKind = Fault['kind']

export type FaultPlan = { decide(call: Call): Fault | undefined }

export type PlannedFault = { readonly ordinal: number; readonly point: string; readonly fault: Fault }

export const noFaults: FaultPlan = { decide: () => undefined }

export type FaultRates = Readonly<Partial<Record<FaultKind, number>>> & {
  /** The longest that a frozen Lambda or a late effect takes. */
  readonly longestMs?: number
  /** No more than this many in one history. */
  readonly maximumFaults?: number
}

/** Draws a fault for each call. Only a Lambda crashes or freezes; only the SDK knows conflicts. */
export function seededFaults(random: Random, rates: FaultRates): FaultPlan {
  const { longestMs = 120_000, maximumFaults = Number.POSITIVE_INFINITY } = rates
  const drawable = kinds.flatMap((kind) => (rates[kind] ? [{ kind, rate: rates[kind] }] : []))
  // Most draws are above all of them together; what rounding adds to the sum is far less than this.
  const noFaultFrom = drawable.reduce((sum, { rate }) => sum + rate, 1e-9)
  let count = 0
  return {
    decide: (call) => {
      let drawn = random.next()
      if (drawn >= noFaultFrom || count >= maximumFaults) return undefined
      for (const { kind, rate } of drawable) {
        drawn -= rate
        if (drawn >= 0) continue
        if (!isPossible(kind, call)) return undefined
        count += 1
        return draw(kind, random, longestMs)
      }
      return undefined
    },
  }
}

/** The same faults again, or fewer of them. */
export function plannedFaults(faults: readonly PlannedFault[]): FaultPlan {
  const byOrdinal = new Map(faults.map(({ ordinal, fault }) => [ordinal, fault]))
  return { decide: ({ ordinal }) => byOrdinal.get(ordinal) }
}

/** One fault at the named point, the first time that it is reached, or a later one. */
export function faultAt(point: string, fault: Fault, nth = 1): FaultPlan {
  let times = 0
  return {
    decide: (call) => {
      if (call.point !== point) return undefined
      times += 1
      return times === nth ? fault : undefined
    },
  }
}

/** Keeps what a plan decided, so that it can be told, repeated and shrunk, and every point that was passed. */
export function recordFaults(
  plan: FaultPlan,
): FaultPlan & { readonly faults: PlannedFault[]; readonly points: Set<string> } {
  const faults: PlannedFault[] = []
  const points = new Set<string>()
  const decide = (call: Call) => {
    const fault = plan.decide(call)
    points.add(call.point)
    if (fault !== undefined) faults.push({ ordinal: call.ordinal, point: call.point, fault })
    return fault
  }
  return { faults, points, decide }
}

/** What takes no longer than this delays things, and loses nothing. */
export const shortMs = 3000

/** Nothing was lost: something took seconds. */
export function isShort({ fault }: PlannedFault): boolean {
  return fault.kind === 'frozen-before' && fault.forMs <= shortMs
}

const kinds = [
  'crash-before',
  'crash-after',
  'frozen-before',
  'frozen-after',
  'not-connected',
  'request-lost',
  'answer-lost',
  'late-effect',
  'throttled',
  'unavailable',
  'conflict',
  'twice',
] as const satisfies readonly FaultKind[]

function isPossible(kind: FaultKind, { protocol, service, functionName, operation }: Call): boolean {
  if (kind.startsWith('crash') || kind.startsWith('frozen')) return functionName !== undefined
  if (kind === 'twice') return service === 'lambda'
  return kind !== 'conflict' || (protocol === 'sdk' && operation.startsWith('TransactWrite'))
}

function draw(kind: FaultKind, random: Random, longestMs: number): Fault {
  switch (kind) {
    case 'crash-before':
    case 'crash-after':
    case 'not-connected':
      return { kind }
    case 'frozen-before':
    case 'frozen-after':
      return { kind, forMs: random.integer(1, longestMs) }
    case 'late-effect':
      return { kind, isSilent: random.chance(0.5), afterMs: random.integer(1, longestMs) }
    case 'request-lost':
    case 'answer-lost':
      return { kind, isSilent: random.chance(0.5), times: random.integer(1, 3) }
    case 'twice':
      return { kind, afterMs: random.integer(0, random.pick([40, 300])) }
    case 'throttled':
    case 'unavailable':
    case 'conflict':
      return { kind, times: random.integer(1, 3) }
  }
}
