import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { busyCauses } from '#domain/errors.ts'
import { ofType, resourcesOf } from './resources.ts'

const prod = await resourcesOf('prod')
const Dashboard = z.looseObject({ DashboardName: z.string(), DashboardBody: z.unknown() })
const [found] = ofType(prod, 'AWS::CloudWatch::Dashboard', Dashboard)
const body = JSON.stringify(found?.[1].DashboardBody).replaceAll('\\', '')

describe('the dashboard of the ERP account', () => {
  it('is called after the account', () => {
    expect(found?.[1].DashboardName).toBe('postonce-erp-tryton')
  })

  it.each(['interactive', 'event', 'batch'])('shows calls and longest wait of the lane %s', (lane) => {
    for (const metric of ['ErpCalls', 'ErpWait', 'ErpSlotTime']) {
      expect(body).toContain(`"Postonce","${metric}","account","tryton","lane","${lane}","service","postonce"`)
    }
  })

  it.each(busyCauses)('shows who was turned away because it is %s', (why) => {
    expect(body).toContain(`"ErpTurnedAway","account","tryton","service","postonce","why","${why}"`)
  })

  it('shows how much is used of each limit of the account', () => {
    expect(body).toContain(
      '(FILL(interactiveErpSlotTime, 0) + FILL(eventErpSlotTime, 0) + FILL(batchErpSlotTime, 0)) / 240',
    )
    expect(body).toContain('(FILL(interactiveErpCalls, 0) + FILL(eventErpCalls, 0) + FILL(batchErpCalls, 0)) / 1800')
  })
})
