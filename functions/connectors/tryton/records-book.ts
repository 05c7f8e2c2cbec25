import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import { isReference } from '#domain/fingerprint.ts'
import type { Standing } from '#domain/reconciliation/record.ts'
import type { ErpRecord } from '../records-port.ts'
import { isEnded } from './claim.ts'
import type { TrytonClient } from './client.ts'
import type { SaleState } from './wire.ts'

/** Which records of a book: a domain of Tryton's besides the book's own. */
export type Domain = readonly unknown[]

/** One kind of document in Tryton, a page at a time in the order of its ids. */
export interface Book {
  readonly model: string
  readonly documents: readonly DocumentKind[]
  /** The field that holds our reference. */
  readonly referenceField: string
  /** Reads up to so many; `lastId` is the greatest id among what was read, counted or not. */
  read(client: TrytonClient, domain: Domain): Promise<BookPage>
}

export interface BookPage {
  readonly records: readonly ErpRecord[]
  readonly read: number
  readonly lastId: number
}

/** Records of one page; more would be one long answer, fewer many short ones. */
export const pageLength = 200

/** Our reference, if it is one: what a clerk writes there has another form. */
export function ours(text: string | null): string | undefined {
  return text !== null && isReference(text, 80) ? text : undefined
}

/** What neither bears our reference nor counts is none of ours: Tryton drafts much by itself. */
export function isTold({ reference, standing }: ErpRecord): boolean {
  return reference !== undefined || standing === 'in-effect'
}

/** How far a sale or a purchase is. What was processed stays `done` when it is withdrawn; the hub's mark on it says so. */
export function orderStanding(order: {
  readonly state: z.output<typeof SaleState>
  readonly comment: string | null
}): Standing {
  const { state, comment } = order
  if (state === 'cancelled' || isEnded(comment)) return 'ended'
  return state === 'processing' || state === 'done' ? 'in-effect' : 'under-way'
}

/** How far an invoice is, of a customer or of a supplier. */
export const invoiceStandings = {
  draft: 'under-way',
  validated: 'under-way',
  posted: 'in-effect',
  paid: 'in-effect',
  cancelled: 'ended',
} as const

/** A page of what was read. */
export function pageOf(read: readonly { readonly id: number }[], records: readonly ErpRecord[]): BookPage {
  return { records: records.filter(isTold), read: read.length, lastId: Math.max(0, ...read.map(({ id }) => id)) }
}

export async function searchPage<T extends z.ZodType>(
  client: TrytonClient,
  schema: T,
  model: string,
  domain: Domain,
  fields: readonly string[],
) {
  const params = [domain, 0, pageLength, [['id', 'ASC']], fields]
  return await client.read(z.array(schema), `model.${model}.search_read`, params)
}

/** A date as Tryton writes it. */
export const Day = z
  .object({ __class__: z.literal('date'), year: z.int(), month: z.int(), day: z.int() })
  .transform(({ year, month, day }) => [year, pad(month), pad(day)].join('-'))

/** A moment on its way to Tryton, which knows no zones: its clock may show up to 14 hours more or 12 less than UTC. */
export function moment(atMs: number) {
  const at = new Date(atMs)
  return {
    __class__: 'datetime',
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    microsecond: 0,
  } as const
}

const pad = (part: number) => String(part).padStart(2, '0')
