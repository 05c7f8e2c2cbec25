import { sortKey } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { expiresAt, type Ownership, ownsCase, superseded } from '../case-store.ts'
import { clock, isoOf } from '../clock.ts'
import { hashOf, TokenItem, touch } from '../signal-store.ts'
import { type Key, read, readList, readNewest, readRange, transact } from '../table.ts'
import { logger } from '../telemetry.ts'
import { answerWith } from '../tokens.ts'
import { nextLookMs } from './long-wait.ts'

/** The list of those who sleep until the ERP account takes calls again, by when they may be woken. */
export const asleep = 'ERP#asleep'

/** For how long a case has waited for the ERP, and when it was last woken. */
export interface Sleep {
  readonly sinceMs: number
  readonly wokenAtMs: number | undefined
}

/**
 * Stores the token of an execution that sleeps until then, in place of that with which it has slept before.
 * @throws SupersededError when it does not own the case
 */
export async function storeSleeper(owner: Ownership, token: string, sleep: Sleep): Promise<void> {
  const { sinceMs } = sleep
  const pk = owner.caseKey
  const storedAtMs = clock.nowMs()
  const before = await readRange(pk, sortKey.sleeper(''), sortKey.sleeper('~'))
  const listed = {
    listKey: asleep,
    listedAtMs: dueAtMs(sleep, storedAtMs),
    sinceMs,
    storedAtMs,
    expiresAt: expiresAt(storedAtMs),
  }
  const sleeper = { pk, sk: sortKey.sleeper(hashOf(token)), token, ...listed }
  const over = before.filter(({ storedAtMs: atMs }) => Number(atMs) < storedAtMs - surelyOverMs).slice(0, mostRemoved)
  const removed = over.map(({ sk }) => ({ remove: { pk, sk: String(sk) } }))
  const written = await transact([ownsCase(owner), { put: sleeper }, ...removed])
  if (!written.ok) throw superseded(owner)
}

/**
 * When it may be woken. An ERP that answers WatchErp and nobody else would have it woken every two minutes, until its history
 * is full; whoever has not been woken of late is due at once, however long he has waited for another cause.
 */
function dueAtMs({ sinceMs, wokenAtMs = 0 }: Sleep, nowMs: number): number {
  const isWokenInVain = wokenAtMs > sinceMs && nowMs < nextLookMs(sinceMs, wokenAtMs)
  return isWokenInVain ? nextLookMs(sinceMs, nowMs) : sinceMs
}

/** Somebody who goes to sleep now was awake by then. A younger token may be that of another attempt, which may be the later. */
const surelyOverMs = 3_600_000
/** A transaction has a hundred parts. */
const mostRemoved = 50

/**
 * Since when one of them has asked for the ERP. At the head of the list stands who has waited longest of those who are due, at
 * its end somebody who was woken in vain, if anybody was.
 */
export async function oldestSleeperMs(): Promise<number | undefined> {
  const ends = await Promise.all([readList(asleep, endOfTimeMs, 1), readNewest(asleep, 1)])
  const since = await Promise.all(
    ends.flat().map(async ({ pk, sk, listedAtMs }) => {
      const item = await read({ pk: String(pk), sk: String(sk) })
      return Number(item?.sinceMs ?? listedAtMs)
    }),
  )
  return since.length === 0 ? undefined : Math.min(...since)
}

const endOfTimeMs = Number.MAX_SAFE_INTEGER

/**
 * Wakes them one after the other, until that time; what is left is found by the next who looks. One who cannot be woken does
 * not keep the others asleep: he stays listed, behind them.
 */
export async function wakeSleepers(untilMs: number): Promise<{ readonly woken: number; readonly failed: number }> {
  let [woken, failed] = [0, 0]
  const seen = new Set<string>()
  for (;;) {
    const page = await readList(asleep, clock.nowMs(), pageSize)
    // The list is an index, which shows for a moment what was taken away.
    const fresh = page.filter(({ pk, sk }) => !seen.has(`${pk} ${sk}`))
    for (const { pk, sk } of fresh) {
      if (clock.nowMs() >= untilMs) return { woken, failed }
      seen.add(`${pk} ${sk}`)
      const key = { pk: String(pk), sk: String(sk) }
      try {
        if (await wakeSleeper(key)) woken++
      } catch (error) {
        failed++
        logger.error(`Who sleeps at ${key.pk} could not be woken: ${String(error)}`, { correlationId: key.pk })
        await touch(key, clock.nowMs())
      }
    }
    if (fresh.length === 0) return { woken, failed }
  }
}

const pageSize = 200

/** It is told when it was woken, so that its wait counts up to then. */
async function wakeSleeper(key: Key): Promise<boolean> {
  const item = await read(key)
  if (item === undefined) return false
  return await answerWith(parse(TokenItem, item, `Who sleeps at ${key.pk}`), { at: isoOf(clock.nowMs()) })
}
