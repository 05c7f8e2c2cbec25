import * as z from 'zod'
import { type SignalKind, signalKinds } from '#domain/events.ts'
import { partsOf } from '#domain/keys.ts'
import { type AmendedContent, amendedCase, type Ownership } from './case-store.ts'
import { type CaseStory, ownStory, signalOf } from './case-story.ts'
import { askAboutRefusal, consume, consumeDone, consumeRefused, missedDeadline, unlessEnded } from './next-event.ts'
import { markBranchDone } from './posting-store.ts'

/** The branch that a machine comes from: what PickNextEvent had picked. */
export const Done = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(signalKinds), number: z.string() }),
  z.object({
    kind: z.enum(['payment-allocation', 'outgoing-payment', 'supplier-payment', 'supplier-payment-allocation']),
    number: z.string(),
  }),
  /** The first document of a purchase, under the case's own number. */
  z.object({ kind: z.literal('purchase-order') }),
  /** What it found stands with the document. */
  z.object({ kind: z.literal('match') }),
  z.object({ kind: z.literal('deadline'), number: z.string() }),
  z.object({ kind: z.literal('refusal'), number: z.string(), code: z.string(), message: z.string() }),
])
type Done = z.output<typeof Done>

/** What differs between the processes in what follows a branch. */
export interface Amending {
  /** Who talks to the customer or to the supplier. */
  readonly about: 'sales' | 'purchasing'
  readonly order: 'sales-order' | 'purchase-order'
  /** Publishes what a branch has come to, where the machine does not. */
  readonly tell?: (story: CaseStory, kind: SignalKind, number: string) => Promise<void>
  /** What the case keeps of a version of the order. */
  readonly contentOf: (
    version: unknown,
    caseKey: string,
    what: string,
  ) => Omit<AmendedContent, 'version' | 'fingerprint'>
}

/**
 * Marks the branch that the machine comes from as done, so that it is not picked again.
 * @returns the case as it stands with that, where this run changed nothing else of it
 */
export async function markDone(owner: Ownership, done: Done, process: Amending): Promise<CaseStory | undefined> {
  const story = await ownStory(owner)
  const mark = async (document: Parameters<typeof markBranchDone>[1]['document'], number: string) => {
    const doneAtMs = await unlessEnded(owner, () => markBranchDone(owner, { document, number }))
    if (doneAtMs === undefined) return undefined
    const isMarked = (one: CaseStory['postings'][number]) => one.kind === document && one.number === number
    return { ...story, postings: story.postings.map((one) => (isMarked(one) ? { ...one, doneAtMs } : one)) }
  }
  switch (done.kind) {
    case 'match':
      return story
    case 'purchase-order':
      return await mark('purchase-order', partsOf(owner.caseKey).number)
    case 'payment-allocation':
    case 'outgoing-payment':
    case 'supplier-payment':
    case 'supplier-payment-allocation':
      return await mark(done.kind, done.number)
    case 'deadline':
      await missedDeadline(owner, story, done.number)
      return undefined
    case 'refusal':
      await askAboutRefusal(owner, process.about, done.number, done)
      await consumeRefused(owner, story, done.number, { code: done.code, message: done.message })
      return undefined
    case 'closing':
      // The end of an order follows from a cancellation that was refused, too.
      if (story.signals.some(({ kind, number }) => kind === 'closing' && number === done.number)) break
      return await mark(`${process.order}-closing`, done.number)
    case 'change':
      await takeVersion(owner, story, done.number, process, { isInErp: true })
      return undefined
  }
  const { kind, number } = done
  await process.tell?.(story, kind, number)
  const consumedAtMs = await consumeDone(owner, story, { kind, number })
  if (consumedAtMs === undefined) return undefined
  const isConsumed = (one: CaseStory['signals'][number]) => one.kind === kind && one.number === number
  return { ...story, signals: story.signals.map((one) => (isConsumed(one) ? { ...one, consumedAtMs } : one)) }
}

/**
 * A newer version becomes the one of the case: it stands in the ERP now, or the order is not there yet and will be created
 * with it.
 */
export async function takeVersion(
  owner: Ownership,
  story: CaseStory,
  number: string,
  { contentOf }: Amending,
  { isInErp }: { readonly isInErp: boolean },
): Promise<void> {
  if (story.case.version >= Number(number)) {
    await consume(owner, story, 'change', number, 'a newer version stands')
    return
  }
  const { data, fingerprint } = await signalOf(story, 'change', number)
  const held = story.signals.find((one) => one.kind === 'change' && one.number === number)?.data
  const content = contentOf(data, owner.caseKey, `Version ${number} of ${owner.caseKey}`)
  const version = Number(number)
  const parts = amendedCase(owner, { ...content, version, fingerprint }, held, { isInErp })
  const told = {
    before: { version: story.case.version, net: `${story.case.netTotal} ${story.case.currency}` },
    after: { version, net: `${content.netTotal} ${content.currency}` },
  }
  if (isInErp) await consumeDone(owner, story, { kind: 'change', number }, { parts, told })
  else await consume(owner, story, 'change', number, 'in place of what was not in the ERP yet', { parts, told })
}
