import { readStory } from '#aws/case-story.ts'
import { saidOf } from '#aws/reconciliation/ask-about-difference.ts'
import { type DifferenceItem, listDifferences, openDifferences } from '#aws/reconciliation/difference-store.ts'
import { Comparison, invokeReconciler, Repaired } from '../../commands/reconcile/invoke-reconciler.ts'
import { type Act, actsOf, isMadeBy, type Victim } from './sabotage/acts.ts'
import { openErpFile } from './sabotage/erp-file.ts'

interface Done {
  readonly act: Act
  readonly victim: Victim
  readonly undo: () => void
}

/**
 * Changes the ERP behind the hub's back in several ways, and has the hub find, tell apart and repair each.
 * @param process of the demo, whose documents are changed
 * @returns what was not as it should be; nothing, when the books agree again
 */
export async function sabotage(
  process: string,
  caseKeys: readonly string[],
  sinceMs: number,
  say: (text: string) => void,
): Promise<readonly string[]> {
  const victims = await chooseVictims(caseKeys)
  const erp = openErpFile()
  const done: readonly Done[] = actsOf(process).map((act) => {
    const victim = take(victims, act)
    say(`  ! ${act.about}: ${victim.posting}`)
    return { act, victim, undo: act.carryOut(erp, victim) }
  })
  const found = await compare(sinceMs)
  const wrong = [...done.flatMap((one) => missed(one, found)), ...surplusOf(done, found)]
  for (const one of done) wrong.push(...(await repair(one, found, say)))
  const left = await compare(sinceMs)
  return [
    ...wrong,
    ...left.map(({ difference }) => `still there: ${difference.class} ${difference.posting ?? difference.key}`),
  ]
}

async function compare(sinceMs: number): Promise<readonly DifferenceItem[]> {
  await invokeReconciler('local', { sinceMs, dueAfterMs: 0 }, Comparison)
  return await listDifferences(openDifferences)
}

/** Documents of cases that nothing else is done to, one of each case. */
async function chooseVictims(caseKeys: readonly string[]): Promise<Victim[]> {
  const stories = await Promise.all(caseKeys.map(readStory))
  return stories.flatMap((story) =>
    (story?.postings ?? []).flatMap(({ kind, number, status, document }) => {
      if (story === undefined || status !== 'posted' || document === undefined) return []
      const { pk: caseKey } = story.case
      return [{ caseKey, document: kind, posting: `${caseKey}/${kind}/${number}`, id: Number(document.id) }]
    }),
  )
}

function take(victims: Victim[], { document, about }: Act): Victim {
  const found = victims.find((one) => one.document === document)
  if (found === undefined) throw new Error(`No ${document} is left for which "${about}" could be tried`)
  const others = victims.filter(({ caseKey }) => caseKey !== found.caseKey)
  victims.splice(0, victims.length, ...others)
  return found
}

function isOf({ act, victim }: Done, { difference }: DifferenceItem): boolean {
  return isMadeBy(act, victim, difference)
}

function missed(one: Done, found: readonly DifferenceItem[]): readonly string[] {
  const own = found.find((item) => isOf(one, item))
  if (own?.difference.class === one.act.makes) return []
  return [`${one.act.about}: found as ${own?.difference.class ?? 'nothing'}, should be ${one.act.makes}`]
}

function surplusOf(done: readonly Done[], found: readonly DifferenceItem[]): readonly string[] {
  return found
    .filter((item) => !done.some((one) => isOf(one, item)))
    .map(
      ({ difference }) =>
        `found although nobody did anything: ${difference.class} ${difference.posting ?? difference.key}`,
    )
}

async function repair(
  one: Done,
  found: readonly DifferenceItem[],
  say: (text: string) => void,
): Promise<readonly string[]> {
  const { act, undo } = one
  const item = found.find((candidate) => isOf(one, candidate))
  if (act.repair === 'adjust') undo()
  const said = item === undefined ? 'not found' : saidOf(item.difference)
  say(`  ${act.makes.padEnd(15)} ${said} → ${act.repair}`)
  if (act.repair === 'adjust' || item === undefined) return []
  const asked = {
    key: item.difference.key,
    repair: act.repair,
    by: 'demo',
    reason: `the demo has done it: ${act.about}`,
  }
  const repaired = await invokeReconciler('local', { repair: asked }, Repaired)
  return repaired.became === 'repaired' ? [] : [`${act.about}: ${repaired.text}`]
}
