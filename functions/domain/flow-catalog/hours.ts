import type { Expectation } from './expectation.ts'

type Hours = Pick<Expectation, 'timeZone' | 'hours' | 'notOn'>

const timeZone = 'Europe/Berlin'

/** Holidays of those who work in an office or a warehouse; the next year's are added when it is known. */
const notOn = ['2026-12-24', '2026-12-25', '2026-12-31', '2027-01-01', '2027-03-26', '2027-03-29']

/** When somebody orders in the shop, on any day. */
export const shopHours: Hours = {
  timeZone,
  hours: [
    {
      days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      from: '08:00',
      to: '22:00',
    },
  ],
  notOn: [],
}

/** When people are at work. */
export const workingHours: Hours = {
  timeZone,
  hours: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '08:00', to: '18:00' }],
  notOn,
}
