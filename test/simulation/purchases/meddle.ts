import type { Call } from '../faults.ts'
import { names } from '../hub/settings.ts'
import type { Hub } from '../hub.ts'
import { orderOf } from '../operator.ts'
import type { Random } from '../random.ts'
import type { Entry } from '../story/entries.ts'
import type { TakeOver } from './spots.ts'

export function publish(hub: Hub, { detailType, detail }: Entry): void {
  const sent = { EventBusName: names.bus, Source: names.system, DetailType: detailType }
  hub.bus.putEvents([{ ...sent, Detail: JSON.stringify(detail) }])
}

/** Somebody stops an execution, redrives it before anybody has heard of that, starts one anew, or replays the archive. */
export function meddleSoon(hub: Hub, random: Random): void {
  const act = random.pick(['stop', 'stop', 'start', 'start', 'stop and redrive', 'replay'])
  const redrivenMs = random.integer(500, 8000)
  hub.time.after(random.integer(0, 900_000), () => {
    if (act === 'replay') return hub.bus.replay('replay', ({ source }) => source !== 'postonce')
    const running = hub.machines.executions().filter(({ now }) => now.status === 'RUNNING')
    const one = running[random.integer(0, Math.max(0, running.length - 1))]
    if (one === undefined) return
    if (act !== 'start') hub.machines.stop(one.arn)
    else if (orderOf(hub, one.input) !== undefined) hub.machines.start(hub.purchaseMachineArn, one.input)
    if (act === 'stop and redrive') hub.time.after(redrivenMs, () => redrive(hub, one.arn))
  })
}

/** Watches for the call at which an execution loses its case. */
export function takeOverAt({ point, nth = 1, stopMs, againMs, redrivenMs }: TakeOver) {
  let times = 0
  return (hub: Hub, call: Call): void => {
    if (call.point !== point) return
    times += 1
    if (times !== nth) return
    const one = hub.machines.executions().find(({ now }) => now.status === 'RUNNING')
    if (one === undefined) return
    hub.time.after(stopMs, () => hub.machines.stop(one.arn))
    if (againMs !== undefined) hub.time.after(againMs, () => hub.machines.start(hub.purchaseMachineArn, one.input))
    if (redrivenMs !== undefined) hub.time.after(redrivenMs, () => redrive(hub, one.arn))
  }
}

function redrive(hub: Hub, arn: string): void {
  const { status } = hub.machines.find(arn).now
  if (status !== 'RUNNING' && status !== 'SUCCEEDED') hub.machines.redrive(arn)
}
