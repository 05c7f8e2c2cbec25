import { digestOf } from './entry.ts'
import { type ReadLine, readLine } from './export-lines.ts'
import { type ExportFile, type Finding, findingAt, nameOf, whatOf } from './finding.ts'
import { rootFrom } from './merkle.ts'
import { dayAfter, hashOfStatement, isSignedBy, leafOf, type Statement, type Stretch } from './seal.ts'

/** What an export was found to be. */
export type Verified =
  | {
      readonly finding: undefined
      readonly from: string
      readonly to: string
      readonly chains: number
      readonly entries: number
      /** Entries of which it is not told who acted: erased, expired, or left out. */
      readonly withoutPerson: number
    }
  | { readonly finding: Finding }

/** A walk through the file: where it is, and what the chains were like when it last met them. */
interface Walk {
  readonly file: ExportFile
  at: number
  entries: number
  chains: number
  withoutPerson: number
  readonly heads: Map<string, { readonly place: number; readonly hash: string }>
}

/**
 * Verifies an export by the public key alone: at each line stands exactly what the signed roots say, or the first one
 * where it does not is told. Each root proves its stretches, each stretch its entries; so it is told right even where
 * all hashes were computed anew.
 */
export function verifyExport(texts: readonly string[], publicKey: string): Verified {
  const file = { texts, lines: texts.map(readLine), publicKey }
  const walk: Walk = { file, at: 1, entries: 0, chains: 0, withoutPerson: 0, heads: new Map() }
  const head = file.lines[0]?.line
  if (head === undefined || !('export' in head) || head.export.from > head.export.to) {
    const finding = findingAt(file, 0, { what: 'head' }, ({ line }) => 'export' in line)
    return { finding }
  }
  const { from, to } = head.export
  let before: Statement | undefined
  for (let day = from; day <= to; day = dayAfter(day)) {
    const statement = sealAt(walk, day, before)
    if ('kind' in statement) return { finding: statement }
    walk.at++
    for (let index = 0; index < statement.chains; index++) {
      const finding = passChain(walk, statement, index)
      if (finding !== undefined) return { finding }
    }
    before = statement
  }
  const more = file.lines[walk.at]
  if (walk.at < texts.length) {
    return { finding: { kind: 'inserted', line: walk.at + 1, what: whatOf(more) ?? 'line', ...(more && nameOf(more)) } }
  }
  const { chains, entries, withoutPerson } = walk
  return { finding: undefined, from, to, chains, entries, withoutPerson }
}

/** The signed statement of a day, which refers to the one before. */
function sealAt({ file, at }: Walk, day: string, before: Statement | undefined): Statement | Finding {
  const isExpected = ({ line }: ReadLine) =>
    'seal' in line &&
    line.seal.statement.day === day &&
    (before === undefined || line.seal.statement.previous === hashOfStatement(before)) &&
    isSignedBy(file.publicKey, line.seal)
  const here = file.lines[at]
  if (here !== undefined && 'seal' in here.line && isExpected(here)) return here.line.seal.statement
  return findingAt(file, at, { what: 'seal', day }, isExpected)
}

/** One chain's stretch of a day, with its entries. */
function passChain(walk: Walk, statement: Statement, index: number): Finding | undefined {
  const { file, at } = walk
  const { day, chains, root } = statement
  const isExpected = ({ line }: ReadLine) =>
    'chain' in line && rootFrom(leafOf(line.chain, day), index, chains, line.chain.path) === root
  const here = file.lines[at]
  if (here === undefined || !('chain' in here.line) || !isExpected(here)) {
    // Its entries tell what a stretch is about more surely than itself, once it is not proven.
    const isEntry = (one: ReadLine | undefined): one is ReadLine => one !== undefined && 'entry' in one.line
    const next = [here, file.lines[at + 1]].find(isEntry) ?? here
    return findingAt(file, at, { what: 'chain', day, ...(next && nameOf(next)) }, isExpected)
  }
  const { chain } = here.line
  const head = walk.heads.get(chain.case)
  if (head !== undefined && chain.first !== head.place + 1) {
    return { kind: 'unsealed', line: at + 1, what: 'entry', day, case: chain.case, place: head.place + 1 }
  }
  walk.at++
  walk.chains++
  for (const [offset, hash] of chain.hashes.entries()) {
    const finding = passEntry(walk, day, chain, chain.first + offset, hash) ?? passPersonal(walk, day)
    if (finding !== undefined) return finding
  }
  return undefined
}

/** One entry: the one that was sealed, and linked to the one before it. */
function passEntry(walk: Walk, day: string, chain: Stretch, place: number, hash: string): Finding | undefined {
  const { file, at, heads } = walk
  const expected = { what: 'entry', day, case: chain.case, place } as const
  const here = file.lines[at]
  if (here === undefined || !('entry' in here.line) || here.hash !== hash) {
    return findingAt(file, at, expected, (one) => one.hash === hash)
  }
  const { entry } = here.line
  const before = heads.get(chain.case)
  const isLinked =
    entry.case === chain.case && entry.place === place && entry.previous === (before?.hash ?? entry.previous)
  if (!isLinked) return { ...expected, kind: 'unsealed', line: at + 1 }
  heads.set(chain.case, { place, hash })
  walk.at++
  walk.entries++
  return undefined
}

/** Who acted and why, if it is told: by the digests of the entry above. */
function passPersonal(walk: Walk, day: string): Finding | undefined {
  const { file, at } = walk
  const above = file.lines[at - 1]?.line
  if (above === undefined || !('entry' in above)) return undefined
  const { entry } = above
  const here = file.lines[at]?.line
  if (here !== undefined && 'personal' in here && isAbout(here.personal, entry)) {
    walk.at++
    return undefined
  }
  const told = { line: at + 1, what: 'personal', day } as const
  const own = { case: entry.case, place: entry.place }
  if (here === undefined || !('personal' in here)) {
    if (entry.personal !== undefined) walk.withoutPerson++
    return undefined
  }
  const { case: key, place } = here.personal
  // The entry itself may be missing, which is told of it.
  if (key === entry.case && place === entry.place + 1) return undefined
  const isMoved = file.lines.some(
    (one) => one !== undefined && 'entry' in one.line && isAbout(here.personal, one.line.entry),
  )
  return isMoved ? { ...told, kind: 'reordered', case: key, place } : { ...told, kind: 'changed', ...own }
}

type PersonalLine = Extract<ReadLine['line'], { readonly personal: unknown }>['personal']
type EntryLine = Extract<ReadLine['line'], { readonly entry: unknown }>['entry']

function isAbout({ case: key, place, values }: PersonalLine, entry: EntryLine): boolean {
  const fields = Object.entries(values)
  return (
    key === entry.case &&
    place === entry.place &&
    fields.every(([name, one]) => digestOf(one) === entry.personal?.[name])
  )
}
