import type { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { environmentsNamed } from '../flows/environments.ts'

/** The calendar of the account in environments/<name>.json, where there is such a file and it is of that account. */
export function calendarOf(name: string, account: string): ErpCalendar | undefined {
  const found = environmentsNamed(undefined).find((one) => one.name === name)
  return found?.erp.account === account ? found.erp.calendar : undefined
}
