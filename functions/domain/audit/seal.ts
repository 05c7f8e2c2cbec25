import { createPublicKey, hash, verify } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from '#domain/fingerprint.ts'
import { leafHash, rootOf, type Tree, treeOf } from './merkle.ts'

const Day = z.iso.date()
/** In one spelling only, of those that hexadecimal would read alike. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** What one chain has got on one day: the hashes of its entries from a place on. Their last one is the chain's head. */
export const Stretch = z.strictObject({
  case: z.string(),
  first: z.int().positive(),
  hashes: z.array(Hash).min(1).readonly(),
})
export type Stretch = z.output<typeof Stretch>

/** What is signed of a day. Each day refers to the one before, so that the last one stands for all chains there are. */
export const Statement = z.strictObject({
  day: Day,
  /** Hash of the statement of the day before; zeros for the first one. */
  previous: Hash,
  /** How many chains have got entries that day, and how many these are. */
  chains: z.int().nonnegative(),
  entries: z.int().nonnegative(),
  /** Of the Merkle tree over the stretches in the order of their cases. */
  root: Hash,
})
export type Statement = z.output<typeof Statement>

/** In one spelling only: base64 reads the same bytes with other bits behind the last one. */
const Signature = z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text)

/** A day's statement with its signature: ECDSA over P-256 with SHA-256, DER in base64. */
export const Seal = z.strictObject({ statement: Statement, signature: Signature })
export type Seal = z.output<typeof Seal>

/** The canonical order of cases: by the bytes of their keys, which is also that of DynamoDB. */
export function byCase(one: Pick<Stretch, 'case'>, other: Pick<Stretch, 'case'>): number {
  return Buffer.compare(Buffer.from(one.case), Buffer.from(other.case))
}

export function leafOf({ case: key, first, hashes }: Stretch, day: string): string {
  return leafHash(canonicalJson({ day, case: key, first, hashes }))
}

/** @param stretches in the order of `byCase` */
export function treeOfDay(day: string, stretches: readonly Stretch[]): Tree {
  return treeOf(stretches.map((one) => leafOf(one, day)))
}

/** @param stretches in the order of `byCase` */
export function statementOf(day: string, previous: string, stretches: readonly Stretch[]): Statement {
  return {
    day,
    previous,
    chains: stretches.length,
    entries: stretches.reduce((sum, { hashes }) => sum + hashes.length, 0),
    root: rootOf(treeOfDay(day, stretches)),
  }
}

export function hashOfStatement(statement: Statement): string {
  return hash('sha256', canonicalJson(statement), 'hex')
}

/** The bytes that are signed. */
export function signedBytes(statement: Statement): Buffer {
  return Buffer.from(canonicalJson(statement))
}

/** Whether whoever has the private key of this public one has signed the statement. */
export function isSignedBy(publicKey: string, { statement, signature }: Seal): boolean {
  return verify('sha256', signedBytes(statement), createPublicKey(publicKey), Buffer.from(signature, 'base64'))
}

/** The day after, in the calendar of UTC. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
}
