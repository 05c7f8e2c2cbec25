import type { PostingPlan } from '#connectors/port.ts'
import type { Meddler } from './mutants/edit.ts'

/** What a mutant takes away from a whole history; everything else is as ever. */
export type Broken = {
  /** Stands between the clients and the table. */
  readonly table?: Meddler
  /** … and Step Functions. */
  readonly states?: (request: (command: object) => () => unknown) => (command: object) => () => unknown
  /** Instead of the machines that are deployed. */
  readonly definition?: unknown
  readonly purchaseDefinition?: unknown
  /** Instead of how the connector brings a document to its target. */
  readonly plan?: (plan: PostingPlan) => PostingPlan
  readonly isSweeperOff?: boolean
  readonly isSlotOff?: boolean
}
