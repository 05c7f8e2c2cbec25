import type { Question } from '#domain/next-event/situation.ts'
import type { CaseStory } from './case-story.ts'
import { isAsked, type NewInboxItem } from './inbox-store.ts'

/** What tells one question of a case from every other. */
export function identityOf(
  { case: theCase }: CaseStory,
  ask: Question,
): Pick<NewInboxItem, 'caseKey' | 'kind' | 'signal' | 'occurrence'> {
  const { pk: caseKey, version } = theCase
  if (ask.kind === 'variance') return { caseKey, kind: ask.kind, signal: ask.signal, occurrence: String(ask.round) }
  const isChange = Number(ask.version) !== version
  const signal = isChange ? { signal: { kind: 'change', number: ask.version } } : {}
  return { caseKey, kind: ask.kind, ...signal, occurrence: ask.version }
}

/**
 * Whether a case has to ask what nobody was asked yet: what leads to it came while nobody could be woken. Whoever finds that
 * wakes the case, so that PickNextEvent alone asks.
 */
export async function hasUnasked(story: CaseStory, asks: readonly Question[] = []): Promise<boolean> {
  for (const ask of asks) if (!(await isAsked(identityOf(story, ask)))) return true
  return false
}
