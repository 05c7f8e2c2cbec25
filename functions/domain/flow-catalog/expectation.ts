import * as z from 'zod'
import { WeeklyHours } from '#domain/erp-calendar/calendar.ts'
import { isTimeZone } from '#domain/erp-calendar/local-time.ts'
import { IsoDate } from '#domain/schema.ts'

/** Events that are certain to come: so many within so many of the minutes in which they are expected. */
export const Expectation = z.strictObject({
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin'),
  /** When the source works, each week, by the clock there. */
  hours: z.array(WeeklyHours).min(1).max(20),
  /** Days on which it does not, although it is one of those. */
  notOn: z.array(IsoDate).max(100),
  atLeast: z.int().positive(),
  /** Only minutes of those hours count: a night or a weekend is no silence. */
  withinMinutes: z.int().positive(),
})
export type Expectation = z.output<typeof Expectation>
