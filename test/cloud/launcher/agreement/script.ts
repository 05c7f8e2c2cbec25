import { isRecord } from '../../../simulation/json.ts'
import type { Answer, Line, Story, TokenAnswer } from './story.ts'

/** The place where a story is told: its clock, and how it is spoken to. */
export type Stage = {
  nowMs(): number
  sleep(milliseconds: number): Promise<unknown>
  answerToken(token: string, answer: TokenAnswer): Promise<unknown>
  stop(executionArn: string, stop: NonNullable<Answer['stops']>): Promise<unknown>
}

/** What a Lambda was given, and when. */
export type Call = { readonly payload: unknown; readonly atMs: number }

/** The script of one execution, while it is played. */
export type Play = {
  /** What the Lambda that is called with this does in the end. */
  call(payload: unknown): Promise<Answer>
  /** Until nothing that was scripted is left to come. */
  settled(): Promise<unknown>
  readonly calls: readonly Call[]
  /** How the answers to the token of each call were taken. */
  readonly tokenAnswers: readonly (readonly string[])[]
  readonly tokens: readonly string[]
  next(): Line | undefined
}

export function playScript({ script = [] }: Story, stage: Stage): Play {
  const calls: Call[] = []
  const tokenAnswers: string[][] = []
  const tokens: string[] = []
  const pending: Promise<unknown>[] = []

  const answerAll = async (token: string, answers: readonly TokenAnswer[]) => {
    const taken: string[] = []
    tokenAnswers.push(taken)
    for (const answer of answers) {
      await stage.sleep(answer.afterSeconds * 1000)
      taken.push(await stage.answerToken(token, answer).then(() => 'taken', nameOf))
    }
  }

  const stop = async (executionArn: string, { afterSeconds, ...words }: NonNullable<Answer['stops']>) => {
    if (afterSeconds === undefined) return stage.stop(executionArn, words)
    const done = stage.sleep(afterSeconds * 1000).then(() => stage.stop(executionArn, words))
    pending.push(done)
  }

  return {
    calls,
    tokenAnswers,
    tokens,
    next: () => script[calls.length],
    settled: () => Promise.all(pending),
    call: async (payload) => {
      const [, answer] = script[calls.length] ?? ['', { throws: { name: 'ScriptIsOver', message: '' } }]
      calls.push({ payload, atMs: stage.nowMs() })
      const token = textIn(payload, 'token')
      if (token !== undefined) tokens.push(token)
      if (answer.token !== undefined) {
        const done = answerAll(token ?? '', answer.token)
        pending.push(done)
        // Answers that come at once come before the Lambda is through.
        if (answer.token.every(({ afterSeconds }) => afterSeconds === 0)) await done
      }
      if (answer.stops !== undefined) await stop(executionArnIn(payload), answer.stops)
      if (answer.afterSeconds !== undefined) await stage.sleep(answer.afterSeconds * 1000)
      return answer
    },
  }
}

/** The execution that calls. */
export function executionArnIn(payload: unknown): string {
  const arn = isRecord(payload) ? textIn(payload.execution, 'arn') : undefined
  if (arn === undefined) throw new Error('Every Lambda of a story is told which execution calls it')
  return arn
}

function textIn(value: unknown, field: string): string | undefined {
  const found = isRecord(value) ? value[field] : undefined
  return typeof found === 'string' ? found : undefined
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error)
}
