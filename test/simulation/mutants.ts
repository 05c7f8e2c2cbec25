import { DescribeExecutionCommand } from '@aws-sdk/client-sfn'
import type { PostingPlan } from '#connectors/port.ts'
import { definition, purchaseDefinition } from './hub/definition.ts'
import { times } from './hub/settings.ts'
import { currentInvocation } from './invocation.ts'
import { parseJson } from './json.ts'
import { isEnded } from './laws/told.ts'
import {
  leaseOver,
  oneClaimId,
  oneFingerprint,
  refusalEndsDoubt,
  withoutDoubt,
  withoutStamp,
} from './mutants/claims.ts'
import {
  dropCondition,
  editing,
  type Meddler,
  type Part,
  reading,
  removingPart,
  replaceText,
  without,
} from './mutants/edit.ts'
import { changing, type Mutant } from './mutants/mutant.ts'
import {
  isAuditEntry,
  isCasePut,
  isClaim,
  isCompletion,
  isIntent,
  isOwnerCheck,
  isToken,
  isWriteOfClaim,
  setting,
} from './mutants/parts.ts'

const owner = '#owner.executionArn = :me AND #owner.epoch = :epoch AND '
const anyOwner = (isWanted: (part: Part) => boolean): Meddler =>
  editing(isWanted, (part) => replaceText(part, owner, ''))
/** Whoever writes, the posting has to be there. */
const withoutClaimId = (part: Part) => replaceText(part, 'claimId = :claim', 'attribute_exists(pk)')
const unchecked = (isWrite: (part: Part) => boolean): Meddler =>
  removingPart((part, parts) => isOwnerCheck(part) && parts.some(isWrite))

/**
 * Some protections stand behind another one, and taking away one of the two changes nothing that a law could see. They
 * are taken away together with the one that covers them, which is said.
 */
export const mutants: readonly Mutant[] = [
  // The posting.
  { name: 'claim without its condition', profile: 'look-up', broken: { table: editing(isClaim, dropCondition) } },
  { name: 'claim without the owner check', profile: 'look-up', broken: { table: unchecked(isClaim) } },
  { name: 'one claimId for every attempt', profile: 'look-up', apply: oneClaimId },
  { name: 'take-over without doubt (lease, intent)', profile: 'look-up', broken: { table: withoutDoubt } },
  {
    name: 'lease, and writes without their claimId',
    profile: 'look-up',
    broken: { table: (request) => leaseOver(editing(isWriteOfClaim, withoutClaimId)(request)) },
  },
  {
    name: 'lease, and doubt re-claimed without claimId',
    profile: 'look-up',
    broken: { table: (request) => leaseOver(editing(isIntent, withoutClaimId)(request)) },
  },
  { name: 'settle time of 0', profile: 'look-up', apply: changing('SETTLE_MS', 0) },
  { name: 'settle time of 0', profile: 'look-up-late', apply: changing('SETTLE_MS', 0) },
  {
    name: 'settle time without skew',
    isRare: true,
    profile: 'look-up',
    apply: changing('SETTLE_MS', (times.settleSeconds - times.skewSeconds) * 1000),
  },
  {
    name: 'how much is applied forgotten',
    profile: 'look-up-late',
    broken: { table: without(', applied = :applied') },
  },
  { name: 'a fresh stamp in doubt', profile: 'if-unchanged', broken: { table: withoutStamp } },
  {
    name: 'a refused repeat ends the doubt',
    isRare: true,
    profile: 'if-unchanged',
    broken: { table: refusalEndsDoubt },
  },
  { name: 'other content taken for the same', profile: 'natural-key', apply: oneFingerprint },
  { name: 'what is read back not compared', profile: 'natural-key', broken: { plan: blind } },
  { name: 'no writer slot', profile: 'one-writer', broken: { isSlotOff: true } },
  // The case and its owner.
  {
    name: 'case claimed without its condition',
    profile: 'natural-key',
    broken: { table: editing(isCasePut, dropCondition) },
  },
  { name: 'a running owner not asked', profile: 'natural-key', broken: { states: allAborted } },
  { name: 'a duplicate of an ended order accepted', profile: 'natural-key', broken: { table: acceptedAgain } },
  { name: 'a run that is over accepts again', isRare: true, profile: 'natural-key', broken: { table: overAndOver } },
  {
    name: 'signal consumed without the owner check',
    isRare: true,
    profile: 'natural-key',
    broken: { table: unchecked((part) => setting(part, 'consumedAtMs = ')) },
  },
  {
    name: 'completion without the owner',
    isRare: true,
    profile: 'natural-key',
    broken: { table: anyOwner(isCompletion) },
  },
  {
    name: 'branch done without the owner check',
    isRare: true,
    profile: 'natural-key',
    broken: { table: unchecked((part) => setting(part, 'doneAtMs = ')) },
  },
  {
    name: 'amendment without the owner',
    isRare: true,
    profile: 'natural-key',
    broken: { table: anyOwner((part) => setting(part, 'version = :version')) },
  },
  {
    name: 'token stored without the owner check',
    isRare: true,
    profile: 'natural-key',
    broken: { table: unchecked(isToken) },
  },
  {
    name: 'deadline told without the owner',
    isRare: true,
    profile: 'natural-key',
    broken: { table: anyOwner((part) => setting(part, 'deadlinesTold = :told')) },
  },
  {
    name: 'an earlier failure marks a later run',
    isRare: true,
    profile: 'natural-key',
    broken: { table: without(' AND #owner.redriveCount <= :redrives') },
  },
  {
    name: 'a failure marks another owner',
    isRare: true,
    profile: 'natural-key',
    broken: { table: without('#owner.executionArn = :arn AND ') },
  },
  {
    name: 'reopened under its old owner',
    isRare: true,
    profile: 'natural-key',
    broken: {
      table: editing(
        (part) => setting(part, '#owner = :nobody'),
        (part) => replaceText(part, ', #owner = :nobody', ''),
      ),
    },
  },
  {
    name: 'signal consumed twice',
    profile: 'natural-key',
    broken: { table: without(' AND attribute_not_exists(consumedAtMs)') },
  },
  {
    name: 'a refusal is not final',
    isRare: true,
    profile: 'natural-key',
    broken: { table: without('isFinal = :yes, fence = fence + :one', '#status = :refused') },
  },
  // Signals and sleep.
  {
    name: 'one item for all tokens of a case',
    isRare: true,
    profile: 'natural-key',
    broken: {
      table: editing(isToken, (part) =>
        part.Item === undefined
          ? { ...part, Key: { ...Object(part.Key), sk: 'TOKEN#one' } }
          : { ...part, Item: { ...Object(part.Item), sk: 'TOKEN#one' } },
      ),
    },
  },
  {
    name: 'completion without the signal count',
    isRare: true,
    profile: 'natural-key',
    broken: { table: editing(isCompletion, (part) => replaceText(part, ' AND signalCount = :count', '')) },
  },
  { name: 'sweeper off', profile: 'natural-key', broken: { isSweeperOff: true } },
  // What is told.
  {
    name: 'an audit entry at a place that is taken',
    isRare: true,
    profile: 'natural-key',
    broken: { table: editing(isAuditEntry, dropCondition) },
  },
  { name: 'a branch done before it is told', isRare: true, profile: 'natural-key', broken: { table: doneAtOnce } },
  {
    name: 'random event ids',
    profile: 'natural-key',
    broken: { definition: randomIds(definition), purchaseDefinition: randomIds(purchaseDefinition) },
  },
]

function doneAtOnce(request: Parameters<Meddler>[0]): ReturnType<Meddler> {
  return reading(
    ({ sk }) =>
      /^POSTING#(payment-allocation|outgoing-payment|supplier-payment|supplier-payment-allocation)#/.test(String(sk)),
    (item) => ({ doneAtMs: 1, ...item }),
  )(request)
}

/** Whoever accepts reads that a case which has ended has failed, and may be taken over. */
function acceptedAgain(request: Parameters<Meddler>[0]): ReturnType<Meddler> {
  const unasked = editing(isCasePut, (part) => replaceText(part, '#status = :status', 'attribute_exists(pk)'))
  const failed = reading(
    ({ sk, status }) => sk === 'CASE' && isEnded(String(status)),
    (item) => ({ ...item, status: 'failed' }),
  )(unasked(request))
  return (command) => (isAccepting() ? failed(command) : request(command))
}

/** Whoever accepts reads of a case that has failed that this was before the last redrive. */
function overAndOver(request: Parameters<Meddler>[0]): ReturnType<Meddler> {
  const unasked = editing(isCasePut, (part) =>
    replaceText(part, '#owner.redriveCount = :redrives', 'attribute_exists(pk)'),
  )
  const failed = reading(
    ({ sk, status }) => sk === 'CASE' && (status === 'failed' || status === 'rejected'),
    (item) => ({ ...item, owner: { ...Object(item.owner), redriveCount: -1 } }),
  )(unasked(request))
  return (command) => (isAccepting() ? failed(command) : request(command))
}

function isAccepting(): boolean {
  return /Accept(SalesOrder|PurchaseRequisition)$/.test(currentInvocation()?.functionName ?? '')
}

function blind(plan: PostingPlan): PostingPlan {
  return { ...plan, find: async () => (await plan.find()).map((found) => ({ ...found, differences: [] })) }
}

function allAborted(request: (command: object) => () => unknown): (command: object) => () => unknown {
  return (command) => {
    const send = request(command)
    return command instanceof DescribeExecutionCommand ? () => ({ ...Object(send()), status: 'ABORTED' }) : send
  }
}

function randomIds(of: unknown): unknown {
  return parseJson(JSON.stringify(of).replaceAll("'id': $states.input.case.key", "'id': $uuid()"))
}
