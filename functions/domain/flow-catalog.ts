import type { Flow } from '#domain/flow-catalog/flow.ts'
import { hubFlows } from '#domain/flow-catalog/hub.ts'
import { orderToCashFlows } from '#domain/flow-catalog/order-to-cash.ts'
import { procureToPayFlows } from '#domain/flow-catalog/procure-to-pay.ts'

/**
 * Every flow of data through the hub. Rules, schedules and docs/flows.md are made of it, and nothing is deployed that
 * contradicts it (flow-catalog/check.ts). A process has a file of its own beside this one.
 */
export const flowCatalog: readonly Flow[] = [...orderToCashFlows, ...procureToPayFlows, ...hubFlows]
