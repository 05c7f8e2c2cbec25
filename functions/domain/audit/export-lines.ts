import * as z from 'zod'
import { canonicalJson } from '#domain/fingerprint.ts'
import { AuditEntry, hashOfEntry, Personal } from './entry.ts'
import { pathOf } from './merkle.ts'
import { Hash, Seal, Stretch, treeOfDay } from './seal.ts'

/**
 * An export is a text of one JSON a line: its head; for each day the seal; for each chain of the day its stretch with
 * the path to the signed root; then the entries of the stretch, each perhaps followed by who acted and why. Every stretch
 * is proven on its own, so that what was changed is told apart from all that was not.
 */
export const Line = z.union([
  z.strictObject({ export: z.strictObject({ format: z.literal(1), from: z.iso.date(), to: z.iso.date() }) }),
  z.strictObject({ seal: Seal }),
  z.strictObject({ chain: Stretch.extend({ path: z.array(Hash).readonly() }) }),
  z.strictObject({ entry: AuditEntry }),
  z.strictObject({
    personal: z.strictObject({ case: z.string(), place: z.int(), values: z.record(z.string(), Personal) }),
  }),
])
export type Line = z.output<typeof Line>

export interface ReadLine {
  readonly line: Line
  /** Of an entry. */
  readonly hash: string | undefined
}

const Raw = z.object({ entry: z.unknown() })

/** Each line has one form only: anything else in it is a change. */
export function textOf(line: unknown): string {
  return canonicalJson(line)
}

/** What a line of a file says; undefined when it is no line of an export, or not in the form that it was written in. */
export function readLine(text: string): ReadLine | undefined {
  try {
    const content: unknown = JSON.parse(text)
    const { data: line } = Line.safeParse(content)
    if (line === undefined || canonicalJson(content) !== text) return undefined
    // Of what stands there, since a schema may leave out what it does not know.
    return { line, hash: 'entry' in line ? hashOfEntry(Raw.parse(content).entry) : undefined }
  } catch {
    return undefined
  }
}

/** The lines of one day before the entries: the seal, and each stretch with its path. */
export function proofsOf(seal: Seal, stretches: readonly Stretch[]) {
  const tree = treeOfDay(seal.statement.day, stretches)
  return {
    seal: textOf({ seal }),
    chains: stretches.map((stretch, index) => textOf({ chain: { ...stretch, path: pathOf(tree, index) } })),
  }
}
