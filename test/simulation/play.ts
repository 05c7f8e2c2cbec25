import { names } from './hub/settings.ts'
import type { Hub } from './hub.ts'
import type { Execution } from './machine/execution.ts'
import { orderOf } from './operator.ts'
import type { Play, Story } from './story.ts'

/** One act from outside, at its moment. */
export function act(hub: Hub, play: Play, story: Story): void {
  switch (play.kind) {
    case 'publish': {
      const { detailType, detail } = play.entry
      hub.bus.putEvents([
        { EventBusName: names.bus, Source: names.system, DetailType: detailType, Detail: JSON.stringify(detail) },
      ])
      return
    }
    case 'replay':
      hub.bus.replay('replay', ({ source }) => source !== 'postonce')
      return
    case 'new-execution': {
      const known = hub.machines.executions().find(({ input }) => orderOf(hub, input) === play.order)
      if (known !== undefined) hub.machines.start(hub.machineArn, known.input)
      return
    }
    case 'stop': {
      const execution = pick(hub, play.which, ({ now }) => now.status === 'RUNNING')
      if (execution !== undefined) hub.machines.stop(execution.arn)
      return
    }
    case 'redrive': {
      const execution = pick(hub, play.which, ({ now }) => now.status !== 'RUNNING' && now.status !== 'SUCCEEDED')
      if (execution !== undefined) hub.machines.redrive(execution.arn)
      return
    }
    case 'touch':
    case 'undo-confirm':
    case 'begin-picking':
    case 'end-picking':
      meddle(hub, play.kind, story, play.order)
  }
}

function pick(hub: Hub, which: number, isWanted: (execution: Execution) => boolean): Execution | undefined {
  const wanted = hub.machines.executions().filter(isWanted)
  return wanted[Math.floor(which * wanted.length)]
}

/** A clerk opens the sales order and saves it, or takes its confirmation back before anything was delivered. */
function meddle(
  { books }: Hub,
  kind: 'touch' | 'undo-confirm' | 'begin-picking' | 'end-picking',
  story: Story,
  number: string,
): void {
  const salesOrder = books.salesOrders.find((one) => one.number === number)
  if (salesOrder === undefined || !story.orders.some((order) => order.number === number)) return
  const isDelivered = books.deliveries.some(({ salesOrderId }) => salesOrderId === salesOrder.id)
  if (kind === 'undo-confirm') {
    if (isDelivered || !salesOrder.isConfirmed) return
    salesOrder.isConfirmed = false
  }
  if (kind === 'end-picking') books.underWay.delete(number)
  if (kind === 'begin-picking' && !isDelivered) books.underWay.add(number)
  if (kind === 'touch' || kind === 'undo-confirm') books.touch(salesOrder)
}
