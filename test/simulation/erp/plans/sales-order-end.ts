import type { SalesOrderEndPosting } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import { step } from './document.ts'
import { orderEndPlan } from './order-end.ts'

export function salesOrderCancellationPlan(client: ErpClient, profile: Profile, posting: SalesOrderEndPosting) {
  return endPlan(client, profile, posting, 'cancel-sales-order')
}

export function salesOrderClosingPlan(client: ErpClient, profile: Profile, posting: SalesOrderEndPosting) {
  return endPlan(client, profile, posting, 'close-sales-order')
}

function endPlan(
  client: ErpClient,
  { transition }: Profile,
  { salesOrderId, reference }: SalesOrderEndPosting,
  name: 'cancel-sales-order' | 'close-sales-order',
) {
  const end = step(name, transition, (sent) => ({ ...sent, reference, salesOrderId }))
  return orderEndPlan(client, 'sales-order', salesOrderId, reference, end)
}
