import * as z from 'zod'
import { lanes } from '#domain/erp-limits.ts'

/** Who wants to call the ERP, and from when on he no longer does. */
export const Ticket = z.object({
  holder: z.string(),
  lane: z.enum(lanes),
  /** When it was first asked for; a machine that waited in between brings it along. */
  sinceMs: z.number(),
  /** A ticket: until when its Lambda waits. A slot: until when it is held, unless it is released before. */
  untilMs: z.number(),
  /** Its document is one of those that the ERP takes fewer of at once. */
  isNarrow: z.boolean(),
})
export type Ticket = z.output<typeof Ticket>

/**
 * An offer is a slot that was given to someone who waits and has not answered yet. A slot is settling when its holder is
 * done and the ERP perhaps not: it is free at its time and not before.
 */
export const Slot = Ticket.extend({ isOffer: z.boolean(), isSettling: z.boolean().optional() })
export type Slot = z.output<typeof Slot>

/** One ERP account as all callers together have it, or a shard of it. The item of the table, and all that is decided on. */
export const Budget = z.object({
  version: z.int(),
  slots: z.array(Slot),
  waiting: z.array(Ticket),
  /** The ERP said when it wants to be asked again. */
  notBeforeMs: z.number(),
  circuit: z.object({
    /** Calls that found the ERP down, one after the other, over all callers. */
    failures: z.int(),
    /** How often it has opened since the ERP was last up; 0: closed. */
    opened: z.int(),
    openUntilMs: z.number(),
    /** Who tries, when its time is over. */
    probe: z.string().optional(),
  }),
  /** How often in a row somebody of a higher lane came before one who had waited too long. */
  passedOver: z.int(),
  /** How long a slot is held, by those of late; 0: nobody has given one back yet. */
  meanHoldMs: z.number(),
})
export type Budget = z.output<typeof Budget>

/** What holds for the decisions on an account, or on a shard of it. */
export interface BudgetLimits {
  readonly slots: number
  /** Slots that only the interactive lane gets. */
  readonly interactiveReserve: number
  /** Slots for documents that the ERP takes fewer of at once. */
  readonly narrowSlots: number
  /** How many of each lane may wait inside of their Lambdas. */
  readonly waitingPerLane: number
  /** Who has waited for so long gets at least every `agedEvery`-th slot, whatever the lane. */
  readonly agesAfterMs: number
  readonly agedEvery: number
  /** An offer that is not taken up by then goes to the next. */
  readonly offerMs: number
  /** How far clocks are apart. */
  readonly skewMs: number
  readonly circuit: { readonly failures: number; readonly openMs: number; readonly longestMs: number }
  /** After so long it is known what a probe has found. */
  readonly probeMs: number
}

/** Nobody has asked yet. */
export const newBudget: Budget = {
  version: 0,
  slots: [],
  waiting: [],
  notBeforeMs: 0,
  circuit: { failures: 0, opened: 0, openUntilMs: 0 },
  passedOver: 0,
  meanHoldMs: 0,
}
