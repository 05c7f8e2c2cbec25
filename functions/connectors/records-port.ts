import type { DocumentKind } from '#domain/documents.ts'
import type { Standing } from '#domain/reconciliation/record.ts'

/** A document as it stands in the ERP, for whoever compares; keys, amounts and quantities alone. */
export interface ErpRecord {
  /** An amended order is a sales order here, as it is in the ERP's own books. */
  readonly document: DocumentKind
  /** The ERP's own id, and the number that people see. */
  readonly id: string
  readonly number?: string | undefined
  /** The hub's reference; none: somebody else has made the document, for an order of the hub's. */
  readonly reference?: string | undefined
  readonly standing: Standing
  /** The day under which it counts in the books. */
  readonly onDay: string
  readonly amount?: string | undefined
  readonly currency?: string | undefined
  readonly lines?: readonly { readonly line: string; readonly quantity: string }[] | undefined
}

export interface RecordPage {
  readonly records: readonly ErpRecord[]
  /** Where the next page begins; none: this was the last. */
  readonly next?: string | undefined
}

/** How a document is known: by the hub's reference or, where it has none, by the ERP's own number or id. */
export interface RecordName {
  readonly by: 'reference' | 'number' | 'id'
  readonly is: string
}

/** When something was last changed; without an end, until now. */
export interface ChangePeriod {
  readonly sinceMs: number
  readonly untilMs?: number | undefined
}

/** What reconciliation asks of an ERP. */
export interface ErpRecords {
  /** What its feed tells of; of any other kind nothing is compared. */
  readonly recordKinds: readonly DocumentKind[]
  /**
   * The documents of the hub's orders that were last changed in this time, a page at a time, each as it stands now. The clock
   * is the ERP's own and may be in any zone, and a document may bear the time at which its transaction began: whoever
   * asks goes back by more than that, and knows that a document may come again.
   * @param after where the page begins, as the one before has said
   * @throws RetryableError when the ERP could not be asked
   */
  changed(period: ChangePeriod, after: string | undefined): Promise<RecordPage>
  /** What bears this reference, or has this number or id: none, one, or several. */
  recordsOf(document: DocumentKind, name: RecordName): Promise<readonly ErpRecord[]>
}
