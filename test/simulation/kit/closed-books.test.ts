import { afterEach, expect, it, onTestFinished } from 'vitest'
import { environment } from '#aws/environment.ts'
import { AuditEntry } from '#domain/audit/entry.ts'
import { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { noFaults } from '../faults.ts'
import { names } from '../hub/settings.ts'
import { outageWorld, pass } from './outage-world.ts'

afterEach(() => {
  delete environment().ERP_CALENDAR
})

/** Agreements with somebody, which are posted nowhere in the books. */
const undated = ['sales-order', 'purchase-order']

it('posts every document of orders and purchases to the next day that is open, and tells both days in the audit', async () => {
  const closed = [{ from: '2026-01-01', through: '2026-03-31' }]
  environment().ERP_CALENDAR = ErpCalendar.parse({ timeZone: 'UTC', posting: { whenClosed: 'move', closed } })
  const world = outageWorld(noFaults)
  const { hub } = world
  onTestFinished(hub.close)
  world.begin()
  await world.goOn()
  await pass(hub, 40 * 86_400_000)
  expect(world.wrongs()).toEqual([])
  const posted = hub.database
    .items(names.table)
    .filter(({ sk }) => String(sk).startsWith('AUDIT#'))
    .map(({ entry }) => AuditEntry.parse(entry))
    .filter(({ stage }) => stage === 'posted')
  const days = new Map<string, Set<string>>()
  for (const { posting = '', before, after } of posted) {
    const [document = ''] = posting.split('/')
    const isClosed = String(before?.day) >= '2026-01-01' && String(before?.day) <= '2026-03-31'
    days.set(document, (days.get(document) ?? new Set()).add(isClosed ? String(after?.day) : 'not moved'))
  }
  for (const document of undated) {
    expect(days.get(document)).toEqual(new Set(['not moved']))
    days.delete(document)
  }
  const documents = [
    ['goods-issue', 'customer-invoice', 'incoming-payment', 'payment-allocation'],
    ['goods-receipt', 'supplier-invoice', 'supplier-payment'],
  ]
  expect(Object.fromEntries(days)).toEqual(
    Object.fromEntries(documents.flat().map((document) => [document, new Set(['2026-04-01'])])),
  )
})
