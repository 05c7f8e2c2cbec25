/** One statement of the hub about an order, heard on the bus. */
export interface Told {
  readonly type: string
  /** What it is about: the delivery note, payment, version or request; empty where the order alone is meant. */
  readonly about: string
  readonly atMs: number
  readonly amount?: string | undefined
  readonly as?: string | undefined
}

/** The same statement heard again counts once, from when it was heard first. */
export function onceEach(told: readonly Told[]): readonly Told[] {
  const first = new Map<string, Told>()
  for (const one of [...told].sort((a, b) => a.atMs - b.atMs)) {
    const name = `${one.type} ${one.about}`
    if (!first.has(name)) first.set(name, one)
  }
  return [...first.values()]
}

export function hasTold(told: readonly Told[], type: string): boolean {
  return told.some((one) => one.type === type)
}
