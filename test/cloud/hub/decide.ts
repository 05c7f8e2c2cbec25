import { spawnSync } from 'node:child_process'
import * as z from 'zod'
import { type ListedQuestion, listQuestions } from '../../../bin/commands/inbox/list-questions.ts'
import { root } from '../../../bin/local/state.ts'
import { eventually } from './hub-under-test.ts'

/** Waits for the question of this kind about a case; the sweeper, which asks some, comes every minute. */
export async function questionAbout(caseKey: string, kind: string): Promise<ListedQuestion> {
  return await eventually(
    `${kind} of ${caseKey} in the inbox`,
    async () => (await listQuestions()).find((one) => one.pk === caseKey && one.kind === kind),
    200,
  )
}

const Outcome = z.object({ became: z.string(), text: z.string() })

/** `npx postonce decide` as a person types it. */
export function decide({ id }: ListedQuestion, by: string, ...choice: readonly string[]) {
  const words = ['bin/postonce.ts', 'decide', id, ...choice, '--reason', 'as agreed', '--by', by, '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' })
  if (stdout === '') throw new Error(`decide says nothing but ${stderr}`)
  return { status, ...Outcome.parse(JSON.parse(stdout)) }
}
