import type { Random } from '../random.ts'

/** How long everything takes that nobody decides about, drawn anew each time, in milliseconds. */
export type Delays = {
  /** A message, one way. */
  latency(): number
  /** An event or a message from a bus or a queue. */
  delivery(): number
  /** From one state of a machine to the next. */
  transition(): number
  /** How late an index shows what the table holds. */
  index(): number
  /** How late Step Functions tells what an execution does. */
  describe(): number
}

/** @param slowRate how often a message takes half a second instead of some milliseconds: two attempts may overtake each other */
export function drawDelays(latency: Random, chance: Random, slowRate: number): Delays {
  return {
    latency: () => (latency.chance(slowRate) ? latency.integer(20, 600) : latency.integer(1, 20)),
    delivery: () => (chance.chance(0.1) ? latency.integer(100, 30_000) : latency.integer(5, 100)),
    transition: () => latency.integer(5, 30),
    index: () => latency.integer(0, 2000),
    describe: () => (chance.chance(0.1) ? chance.integer(0, 20_000) : chance.integer(0, 2000)),
  }
}

/** Nothing is late by itself, so that what is tried at one moment comes at that moment. */
export const calm: Delays = {
  latency: () => 10,
  delivery: () => 50,
  transition: () => 20,
  index: () => 0,
  describe: () => 0,
}
