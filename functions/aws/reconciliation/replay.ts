import { caseOfPosting, sortKey } from '#domain/keys.ts'
import { processes, processOf } from '#domain/processes.ts'
import { followersOf } from '#domain/reconciliation/followers.ts'
import { transactTold } from '../audit.ts'
import { type CaseItem, caseList, isEnded, nobody } from '../case-store.ts'
import type { CaseStory } from '../case-story.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { startExecution } from '../start-execution.ts'
import { type Part, read } from '../table.ts'
import { wake } from '../tokens.ts'
import { compareAgain } from './compare.ts'
import { endDifference, repairedPart } from './difference-store.ts'
import { nameOf, readErp } from './erp-side.ts'
import { postingOf } from './posting-of.ts'
import { changed, factOf, meanwhile, type Repaired, type Repairing, refused } from './repairing.ts'

type Found = NonNullable<Awaited<ReturnType<typeof postingOf>>>

/**
 * Has the case post a document again, under its own key: what is under way is taken up, and what was posted and is lost,
 * or stands in the ERP as a draft, becomes claimed by nobody. The case goes on by its machine, whose step first looks
 * whether the document is there, as it does for every posting that it meets. The event that asked for it is consumed anew.
 */
export async function replay(repairing: Repairing): Promise<Repaired> {
  const { window, item, asked } = repairing
  const { difference } = item
  const caseKey = difference.posting && caseOfPosting(difference.posting)
  const found = caseKey ? await postingOf(caseKey, difference.key) : undefined
  if (!caseKey || found === undefined) {
    return refused('The hub knows of no such posting; publish its event again, or npx postonce replay.')
  }
  const { story } = found
  if (story.case.isClosedByPerson)
    return refused(`${caseKey} was closed by a person; nothing of it is posted any more.`)
  // A moment ago it was; what is posted again must be missing now.
  const now = await compareAgain(window, difference)
  if (now === 'agrees') {
    await endDifference(item)
    return changed('The books agree on it by now.')
  }
  if (now === 'too-early') return changed('An attempt is at work on it.')
  if (now.class !== difference.class) return meanwhile(repairing)
  const parts = difference.class === 'late' ? takenUp(found) : await postedAnew(repairing, found)
  if (typeof parts === 'string') return refused(parts)
  const written = await transactTold(caseKey, [repairedPart(item, 'replay', asked.by), ...parts, ...repairing.parts], {
    ...factOf(item, asked),
    stage: 'repaired',
    before: { difference: difference.class, case: story.case.status, posting: found.status },
    after: { case: 'goes on', posting: 'to be posted' },
  })
  if (!written.ok) return meanwhile(repairing)
  // Whoever sleeps on it finds that the case is no longer its own, and ends.
  await wake(caseKey)
  if (parts.length > 0) await startExecution(processOf(caseKey), { resume: caseKey })
  return { became: 'repaired', text: `${difference.posting} is on its way: npx postonce trace ${caseKey}` }
}

/** A case that waits is woken, and one that stands still is opened again; the sweeper finds one whose execution is dead. */
function takenUp({ story }: Found): readonly Part[] | string {
  if (isEnded(story.case.status)) return `${story.case.pk} is ${story.case.status}: look at its posting`
  return story.case.status === 'open' ? [] : [reopened(story.case)]
}

/** Why it cannot be posted again, or what has to be written for it. */
async function postedAnew({ window, item }: Repairing, found: Found): Promise<readonly Part[] | string> {
  const { difference } = item
  const { story, name, document, postedAtMs = 0 } = found
  if (found.status !== 'posted' || document === undefined) return 'An attempt is at work on it.'
  const standing = await readErp(window, name.document, nameOf(difference.key))
  if (difference.class === 'status' && !standing.every((one) => one.standing === 'under-way')) {
    return 'Only what is a draft there can be brought to its end. What the ERP has taken back has its reference: book what takes its place, and adopt that.'
  }
  const following = story.postings.filter(
    (one) =>
      one !== found &&
      one.status === 'posted' &&
      (one.postedAtMs ?? 0) >= postedAtMs &&
      followersOf[name.document].some((kind) => kind === one.kind),
  )
  const [follower] = difference.class === 'status' ? [] : following
  if (follower !== undefined) {
    return `${follower.kind}/${follower.number} names it in the ERP, and would still name the one that is lost: book it by hand, and adopt that.`
  }
  const request = await requestOf(story, found)
  if (request === undefined) return `What ${name.document}/${name.number} was asked for with is no longer kept.`
  return [
    {
      key: { pk: story.case.pk, sk: sortKey.posting(name) },
      update:
        'SET #status = :claimed, fence = fence + :one REMOVE document, postedAtMs, doneAtMs, claimId, leaseEndsAtMs, sentAtMs, intent, applied, refusal, seen',
      condition: '#status = :posted AND document = :seen',
      names: { '#status': 'status' },
      values: { ':claimed': 'claimed', ':one': 1, ':posted': 'posted', ':seen': document },
    },
    ...request,
    reopened(story.case),
  ]
}

/** What the step posts it from: its event, which is to be consumed again; the order itself; or the books alone. */
async function requestOf(story: CaseStory, { name }: Found): Promise<readonly Part[] | undefined> {
  const { document, number } = name
  const process = processes[processOf(story.case.pk)]
  if (document === process.order) {
    return (await read({ pk: story.case.pk, sk: sortKey.body(story.case.version) })) && []
  }
  const wanted = process.signalOf(document, number)
  if (wanted === undefined) return []
  const signal = story.signals.find((one) => one.kind === wanted.kind && one.number === wanted.number)
  if (signal === undefined) return undefined
  return [
    {
      key: { pk: signal.pk, sk: signal.sk },
      update: 'REMOVE consumedAtMs',
      condition: 'attribute_exists(pk)',
    },
  ]
}

/** Nobody owns it until an execution has taken it over. */
function reopened(seen: CaseItem): Part {
  const nowMs = clock.nowMs()
  return {
    key: { pk: seen.pk, sk: sortKey.case },
    update:
      'SET #status = :open, #owner = :nobody, deadlineAtMs = :deadline, deadlinesFrom = deadlinesTold, listKey = :list, listedAtMs = :now',
    condition: '#status = :status AND #owner.epoch = :epoch AND #owner.executionArn = :arn',
    names: { '#status': 'status', '#owner': 'owner' },
    values: {
      ':open': 'open',
      ':nobody': { executionArn: nobody, epoch: seen.owner.epoch + 1, redriveCount: 0 },
      ':deadline': nowMs + environment().DEADLINE_MS,
      ':list': caseList(seen.process, 'open'),
      ':now': nowMs,
      ':status': seen.status,
      ':epoch': seen.owner.epoch,
      ':arn': seen.owner.executionArn,
    },
  }
}
