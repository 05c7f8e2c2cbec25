import type { ReadLine } from './export-lines.ts'
import { rootFrom } from './merkle.ts'
import { isSignedBy, leafOf, type Seal, type Stretch } from './seal.ts'

/** The first thing in an export that is not as it was sealed. */
export interface Finding {
  readonly kind: 'changed' | 'removed' | 'inserted' | 'reordered' | 'unsealed'
  /** Which line of the file, from 1. */
  readonly line: number
  /** `line`: of no kind that an export has. */
  readonly what: 'head' | 'seal' | 'chain' | 'entry' | 'personal' | 'line'
  /** Where a seal or a chain is wrong, no more may be known. */
  readonly day?: string | undefined
  /** The entry that is meant; of a chain, its first one in the export. */
  readonly case?: string | undefined
  readonly place?: number | undefined
  /** What stands there instead, where that is another entry: `T1001 7`. */
  readonly found?: string | undefined
}

/** A file that is being verified. */
export interface ExportFile {
  readonly texts: readonly string[]
  readonly lines: readonly (ReadLine | undefined)[]
  readonly publicKey: string
}

type Expected = Pick<Finding, 'what' | 'day' | 'case' | 'place'>

/** What happened to a line that is not the one that must stand there; the signed roots decide what belongs to the export. */
export function findingAt(
  file: ExportFile,
  at: number,
  expected: Expected,
  isExpected: (line: ReadLine, index: number) => boolean,
): Finding {
  const here = file.lines[at]
  const comesLater = file.lines.some((one, index) => index > at && one !== undefined && isExpected(one, index))
  const kind = kindOf(file, at, expected.what, comesLater)
  const named = here === undefined ? undefined : nameOf(here)
  if (kind === 'inserted') {
    const { day } = expected
    return { ...(here === undefined ? { day } : expected), ...named, what: whatOf(here) ?? 'line', kind, line: at + 1 }
  }
  const found = named?.case === undefined ? undefined : `${named.case} ${named.place}`
  return { ...expected, kind, line: at + 1, ...(kind !== 'changed' && { found }) }
}

function kindOf(file: ExportFile, at: number, what: Finding['what'], comesLater: boolean): Finding['kind'] {
  if (comesLater) return belongs(file, at) ? 'reordered' : 'inserted'
  if (at >= file.lines.length) return 'removed'
  const here = file.lines[at]
  const isOfItsKind = here === undefined || whatOf(here) === what
  return isOfItsKind && !belongs(file, at) ? 'changed' : 'removed'
}

/** Whether a line is proven by a signed root, and stands in the file once. */
function belongs(file: ExportFile, at: number): boolean {
  const { lines, texts, publicKey } = file
  const here = lines[at]
  if (here === undefined || texts.some((text, index) => index !== at && text === texts[at])) return false
  const { line, hash } = here
  if ('seal' in line) return isSignedBy(publicKey, line.seal)
  if ('chain' in line) return sealsOf(file).some((seal) => isUnder(seal, line.chain))
  if ('entry' in line) {
    return chainsOf(file).some(({ hashes }) => hash !== undefined && hashes.includes(hash))
  }
  return true
}

function isUnder({ statement }: Seal, chain: Stretch & { readonly path: readonly string[] }): boolean {
  const leaf = leafOf(chain, statement.day)
  for (let index = 0; index < statement.chains; index++) {
    if (rootFrom(leaf, index, statement.chains, chain.path) === statement.root) return true
  }
  return false
}

const sealsOf = ({ lines }: ExportFile) => lines.flatMap((one) => (one && 'seal' in one.line ? [one.line.seal] : []))
const chainsOf = ({ lines }: ExportFile) => lines.flatMap((one) => (one && 'chain' in one.line ? [one.line.chain] : []))

/** The entry that a line is about. */
export function nameOf({ line }: ReadLine): Pick<Finding, 'case' | 'place'> {
  if ('entry' in line) return { case: line.entry.case, place: line.entry.place }
  if ('personal' in line) return { case: line.personal.case, place: line.personal.place }
  return 'chain' in line ? { case: line.chain.case, place: line.chain.first } : {}
}

/** Undefined: of a line of no kind. */
export function whatOf(here: ReadLine | undefined): Finding['what'] | undefined {
  if (here === undefined) return undefined
  if ('seal' in here.line) return 'seal'
  if ('chain' in here.line) return 'chain'
  if ('entry' in here.line) return 'entry'
  return 'personal' in here.line ? 'personal' : 'head'
}
