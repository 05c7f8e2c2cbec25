import { completeMachine, lambdasOf, readMachine } from '../../../../lib/state-machine.ts'
import { parseJson } from '../../../simulation/json.ts'
import type { Line } from './story.ts'
import { fails, returns } from './story.ts'

/** Short, so that a story of retries takes seconds; the shapes are those of production. */
const times = {
  clientTimeoutSeconds: 1,
  lambdaTimeoutSeconds: 1,
  leaseSeconds: 1,
  settleSeconds: 1,
  skewSeconds: 0,
  deadlineSeconds: 40,
  parkedSeconds: 60,
  silentSeconds: 60,
}

/** The machine as it is deployed; in a hurry, where it is its time that runs out. */
export function orderToCash(functionArn: string, { isHasty = false } = {}): object {
  const machine = readMachine('order-to-cash')
  const complete = completeMachine(machine, isHasty ? { ...times, deadlineSeconds: 3 } : times)
  if (isHasty) Object.assign(Object(complete.States.CreateSalesOrder), { TimeoutSeconds: 3 })
  let text = JSON.stringify(complete).replaceAll(placeholder('BusName'), 'default')
  for (const name of lambdasOf(machine)) text = text.replaceAll(placeholder(name), functionArn)
  return Object(parseJson(text))
}

function placeholder(name: string): string {
  return `\${${name}}`
}

const salesOrder = { key: 'shop/sales-order/T1001', number: 'T1001', epoch: 1 }
export const accept: Line = ['AcceptSalesOrder', returns({ outcome: 'accepted', case: salesOrder })]
export const create: Line = ['CreateSalesOrder', returns({ outcome: 'posted', document: { id: 17, name: 'SO17' } })]
export const begin: readonly Line[] = [accept, create]
export const pick = (kind: string, more: object = {}): Line => ['PickNextEvent', returns({ kind, ...more })]
export const settled = pick('settled', { as: 'completed' })
export const superseded = (state: string): Line => [state, fails('SupersededError')]
export const posted = (state: string, document = 'D1'): Line => [state, returns({ outcome: 'posted', document })]
export const refused = (state: string): Line => [state, returns({ outcome: 'refused', code: 'goods-left' })]

/** What PickNextEvent may give, and what the branch then calls. */
export const branches: readonly (readonly [string, ...Line[]])[] = [
  ['goods-issue', posted('PostGoodsIssue'), posted('CreateCustomerInvoice')],
  ['incoming-payment', posted('PostIncomingPayment')],
  ['payment-allocation', posted('AllocatePayment')],
  ['goods-return', posted('PostGoodsReturn'), posted('CreateCreditNote')],
  ['refund', posted('CreateCreditNote')],
  ['outgoing-payment', posted('PostOutgoingPayment')],
  ['change', posted('AmendSalesOrder')],
  ['cancellation', posted('CancelSalesOrder')],
  ['closing', posted('CloseSalesOrder')],
  ['deadline'],
]
