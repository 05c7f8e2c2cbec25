import type { DocumentKind } from '#domain/documents.ts'
import { type Lane, lanes } from '#domain/erp-limits.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import type { Flow } from './flow.ts'

/** The flows that bring such a document into the ERP. */
export function flowsOf(document: DocumentKind, catalog: readonly Flow[] = flowCatalog): readonly Flow[] {
  return catalog.filter(({ erpCalls }) => erpCalls[document] !== undefined)
}

/** The lane of the quickest of them. */
export function laneOf(flows: readonly Flow[]): Lane {
  return lanes.find((lane) => flows.some(({ latency }) => latency === lane)) ?? 'event'
}
