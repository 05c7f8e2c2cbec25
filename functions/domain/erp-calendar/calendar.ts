import * as z from 'zod'
import { IsoDate } from '#domain/schema.ts'
import { isTimeZone, weekdays } from './local-time.ts'

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 02:30')

/** Each week, on these days, from one time on the clock until the other, which is the next day's unless it is later. */
export const WeeklyHours = z.strictObject({ days: z.array(z.enum(weekdays)).min(1), from: Time, to: Time })
export type WeeklyHours = z.output<typeof WeeklyHours>

/** Days whose books are closed, the last one included: for good, or until the morning of a day. */
const ClosedPeriod = z
  .strictObject({ from: IsoDate, through: IsoDate, opensOn: IsoDate.optional() })
  .refine(({ from, through }) => from <= through, { path: ['through'], message: 'must not be before from' })
export type ClosedPeriod = z.output<typeof ClosedPeriod>

const PostingPeriods = z.strictObject({
  /** What happens to a document of a closed period: its posting date moves to the next open day, or its case waits. */
  whenClosed: z.enum(['move', 'wait']),
  /** From that day of the next month on, a month is closed. */
  monthClosesOnDay: z.int().min(2).max(28).optional(),
  closed: z.array(ClosedPeriod).max(100).default([]),
})
export type PostingPeriods = z.output<typeof PostingPeriods>

/** When an ERP account may be called, and which days it may post to, by the clock of its books. */
export const ErpCalendar = z.strictObject({
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin'),
  maintenance: z.array(WeeklyHours).max(20).default([]),
  posting: PostingPeriods.optional(),
})
export type ErpCalendar = z.output<typeof ErpCalendar>
