import { isRecord, parseJson } from '../../../simulation/json.ts'
import type { Play } from './script.ts'

/** What came of a story, in the words that both places have for it. */
export type Telling = {
  readonly visits: readonly Visit[]
  /** What each attempt at a Task was given, after its Arguments were evaluated. */
  readonly attempts: readonly { readonly state: string; readonly parameters: unknown }[]
  readonly payloads: readonly unknown[]
  readonly tokenAnswers: Play['tokenAnswers']
  /** The status change events, in their order. */
  readonly changes: readonly unknown[]
  readonly described: unknown
  readonly linesLeft: boolean
}

export type Visit = {
  readonly state: string
  readonly type: string
  readonly redrive: number
  readonly input: unknown
  readonly attempts: number
  readonly output?: unknown
  readonly error?: string
}

/** Without what differs from run to run: tokens by the order in which they were given, no moments, no prose. */
export function comparable(telling: Omit<Telling, 'payloads' | 'tokenAnswers' | 'linesLeft'>, play: Play): Telling {
  const { calls, tokens, tokenAnswers } = play
  const all = { ...telling, payloads: calls.map(({ payload }) => payload), tokenAnswers }
  let text = JSON.stringify(plain(all))
  for (const [i, token] of tokens.entries()) text = text.replaceAll(token, `<token ${i}>`)
  text = text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
  const read: Telling = JSON.parse(text)
  return { ...read, linesLeft: play.next() !== undefined }
}

const moments = new Set(['startDate', 'stopDate', 'redriveDate'])
const jsonTexts = new Set(['input', 'output'])

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isRecord(value)) return value
  const error = value.error ?? value.Error
  const fields = Object.entries(value).flatMap(([name, field]): (readonly [string, unknown])[] => {
    if (moments.has(name) || field === undefined) return []
    if (name.toLowerCase() === 'cause') return [[name, causeOf(error, field)]]
    return [[name, plain(jsonTexts.has(name) && typeof field === 'string' ? readJson(field) : field)]]
  })
  return Object.fromEntries(fields)
}

function readJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

/** The words of Step Functions and of Lambda are for people; those of a script or a definition have to arrive. */
function causeOf(error: unknown, cause: unknown): unknown {
  if (typeof cause !== 'string') return cause
  if (/^(States|Lambda|Sandbox|Runtime|EventBridge)\./.test(String(error))) return '<prose>'
  const said = readJson(cause)
  if (!isRecord(said) || said.trace === undefined) return cause
  const { trace: _, ...others } = said
  return others
}
