import { type DocumentKind, documentKinds } from './documents.ts'

/** What a flow asks of an ERP: a document brought to its target, or one looked up for a person who names it. */
export const erpCalls = [...documentKinds, 'find-document'] as const
export type ErpCall = (typeof erpCalls)[number]

/** Which calls come first when an ERP account has not enough for all; a flow's latency class says which is its own. */
export const lanes = ['interactive', 'event', 'batch'] as const
export type Lane = (typeof lanes)[number]

/** What an ERP account allows, to all flows together. */
export interface ErpLimits {
  /** Calls under way at once. */
  readonly slots: number
  /** Slots that are kept free for the interactive lane; only where the ERP itself would take more at once. */
  readonly interactiveReserve?: number
  /** What the ERP does only so many of at once, within its slots. */
  readonly fewer?: { readonly documents: readonly DocumentKind[]; readonly slots: number }
  /** Units that any window of so many seconds has: of one second, or of a vendor's longer window. */
  readonly rates: readonly { readonly units: number; readonly perSeconds: number }[]
  /** Units that one call takes of each rate. */
  readonly unitsPerCall: number
  /** Who says so. */
  readonly source: string
}

/** What an ERP costs, as it was measured through the hub's own connector. */
export interface ErpCosts {
  /** Requests for one document, from the first look to the last read-back, when nothing goes wrong. */
  readonly calls: Readonly<Partial<Record<ErpCall, number>>>
  /** How long one request takes on average, with one at a time. */
  readonly secondsPerCall: number
}

/** An ERP account as the hub is configured for it. */
export interface ErpAccount {
  readonly name: string
  readonly limits: ErpLimits
  readonly costs: ErpCosts
}

/** Documents whose posting takes Tryton's strict number sequence and journal period. */
const postedByTryton = [
  'customer-invoice',
  'credit-note',
  'incoming-payment',
  'outgoing-payment',
  'payment-allocation',
  'supplier-invoice',
  'supplier-credit-note',
  'supplier-payment',
] as const satisfies readonly DocumentKind[]

const fiveMinutes = { units: 6000, perSeconds: 300 }
const netsuite = { rates: [], unitsPerCall: 1 }
const netsuiteSource = 'NetSuite, concurrency governance; each SuiteCloud Plus licence adds 10'

/**
 * Limits by the name that environments/*.json uses for an account's own (`erp.limits`). Vendors say them of an account,
 * an edition or a user; an account with others gets a line of its own.
 */
export const erpLimits: Readonly<Record<string, ErpLimits>> = {
  'tryton-sqlite': {
    slots: 1,
    rates: [],
    unitsPerCall: 1,
    source: 'Measured: SQLite has one writer, and a sale confirmed twice at once gets two invoices',
  },
  'tryton-postgresql': {
    slots: 4,
    fewer: { documents: postedByTryton, slots: 1 },
    rates: [{ units: 30, perSeconds: 1 }],
    unitsPerCall: 1,
    source: 'Measured: more than 4 only wait, posting locks the number sequence NOWAIT, 30 creates a second at most',
  },
  'netsuite-standard': { ...netsuite, slots: 5, source: netsuiteSource },
  'netsuite-premium': { ...netsuite, slots: 15, source: netsuiteSource },
  'netsuite-enterprise': { ...netsuite, slots: 20, source: netsuiteSource },
  dataverse: {
    slots: 52,
    rates: [fiveMinutes],
    unitsPerCall: 1,
    source: 'learn.microsoft.com/power-apps/developer/data-platform/api-limits, for each user',
  },
  'business-central': {
    slots: 5,
    rates: [fiveMinutes],
    unitsPerCall: 1,
    source: 'learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/operational-limits-online',
  },
  's4hana-dialog-4': {
    slots: 4,
    rates: [],
    unitsPerCall: 1,
    source: 'SAP publishes none: the dialog work processes that its administrator gives to the hub',
  },
}
