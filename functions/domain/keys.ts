import { type DocumentKind, documentKinds } from './documents.ts'
import type { SignalKind } from './events.ts'

/** The business case's key, which is also its correlation id: `shop/sales-order/T1001`. */
export function caseKeyOf(system: string, document: string, number: string): string {
  return `${system}/${document}/${number}`
}

/** The parts of a case key. A number may itself contain slashes; system and document never do. */
export function partsOf(caseKey: string): {
  readonly system: string
  readonly document: string
  readonly number: string
} {
  const [system = '', document = '', ...number] = caseKey.split('/')
  return { system, document, number: number.join('/') }
}

/** One posting of a case: the document and its own number. */
export interface PostingName {
  readonly document: DocumentKind
  readonly number: string
}

/** The idempotency key of one write of one document to one ERP. */
export function postingKeyOf(caseKey: string, name: PostingName): string {
  return `${caseKey}/${name.document}/${name.number}`
}

const posting = new RegExp(`^([^/]+/[^/]+/.+?)/(?:${documentKinds.join('|')})/`)

/** `shop/sales-order/T1` of `shop/sales-order/T1/customer-invoice/DN-7`; numbers may hold slashes themselves. */
export function caseOfPosting(postingKey: string): string | undefined {
  return posting.exec(postingKey)?.[1]
}

/** Sort keys of a case's item collection; one Query from `CASE` to `SIGNAL` reads what a decision needs. */
export const sortKey = {
  case: 'CASE',
  body: (version: number) => `BODY#${String(version).padStart(10, '0')}`,
  posting: (name: PostingName) => `POSTING#${name.document}#${name.number}`,
  signal: (kind: SignalKind, number: string) => `SIGNAL#${kind}#${number}`,
  token: (hash: string) => `TOKEN#${hash}`,
  sleeper: (hash: string) => `ASLEEP#${hash}`,
  audit: (place: number) => `AUDIT#${String(place).padStart(10, '0')}`,
  person: (place: number) => `PERSON#${String(place).padStart(10, '0')}`,
} as const
