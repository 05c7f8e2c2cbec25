import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { isRecord, type JsonRecord } from '../json.ts'
import { replaceProperty, type Undo } from '../replace.ts'
import { editing, type Meddler, reading, replaceText } from './edit.ts'
import { isClaim } from './parts.ts'

const isPosting = ({ sk }: JsonRecord) => String(sk).startsWith('POSTING#')

/** Whoever reads a posting is told that its lease is over. */
export const leaseOver: Meddler = (request) => {
  const unconditional = editing(isClaim, (part) =>
    replaceText(part, 'leaseEndsAtMs = :seenLease', 'attribute_exists(pk)'),
  )
  const isHeld = (item: JsonRecord) => isPosting(item) && item.leaseEndsAtMs !== undefined
  return reading(isHeld, (item) => ({ ...item, leaseEndsAtMs: 1 }))(unconditional(request))
}

/** Whoever reads a posting is told that nothing of it was ever about to be sent. */
export const withoutDoubt: Meddler = (request) => {
  const blind = editing(isClaim, (part) =>
    replaceText(
      replaceText(part, 'attribute_exists(intent)', 'attribute_exists(pk)'),
      'attribute_not_exists(intent)',
      'attribute_exists(pk)',
    ),
  )
  return reading(isPosting, ({ intent, ...item }) => item)(leaseOver(blind(request)))
}

/** The stamp of a doubt is not the one that was sent, but the newest. */
export const withoutStamp: Meddler = reading(
  (item) => isPosting(item) && isRecord(item.intent) && item.status === 'in-doubt',
  (item) => ({ ...item, intent: { ...Object(item.intent), stamp: 'fresh' } }),
)

/** A repeat that is refused makes a refusal of the doubt, as the answer to the first request would. */
export const refusalEndsDoubt: Meddler = editing(
  ({ UpdateExpression, ExpressionAttributeValues: values }) =>
    String(UpdateExpression).startsWith('SET #status = :doubt, refusal = :refusal') &&
    !['IN_DOUBT', 'CONFLICT'].includes(String(Object(Object(values)[':refusal']).code)),
  (part) => ({
    ...part,
    UpdateExpression: 'SET #status = :doubt, refusal = :refusal REMOVE leaseEndsAtMs, sentAtMs, intent',
    ExpressionAttributeValues: { ...Object(part.ExpressionAttributeValues), ':doubt': 'refused' },
  }),
)

export function oneClaimId(): Undo {
  return replaceCrypto('randomUUID', () => '00000000-0000-4000-a000-000000000000')
}

/** Every content looks like every other. */
export function oneFingerprint(): Undo {
  const { hash } = crypto
  const blind = (algorithm: string, text: string, encoding: 'hex' | 'buffer') =>
    encoding === 'hex' ? '0'.repeat(64) : hash(algorithm, text, encoding)
  return replaceCrypto('hash', blind)
}

function replaceCrypto(name: 'randomUUID' | 'hash', value: unknown): Undo {
  const undo = replaceProperty(crypto, name, value)
  syncBuiltinESMExports()
  return () => {
    undo()
    syncBuiltinESMExports()
  }
}
