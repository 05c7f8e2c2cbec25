import { sortKey } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { expiresAt, type Ownership, ownsCase, superseded } from '../case-store.ts'
import { clock, isoOf } from '../clock.ts'
import { hashOf, TokenItem } from '../signal-store.ts'
import { type Key, read, readList, transact } from '../table.ts'
import { answerWith } from '../tokens.ts'

/** The list of those who sleep until the ERP account takes calls again, who has asked longest first. */
export const asleep = 'ERP#asleep'

/**
 * Stores the token of an execution that sleeps until then.
 * @throws SupersededError when it does not own the case
 */
export async function storeSleeper(owner: Ownership, token: string, sinceMs: number): Promise<void> {
  const key = { pk: owner.caseKey, sk: sortKey.sleeper(hashOf(token)) }
  const listed = { listKey: asleep, listedAtMs: sinceMs, expiresAt: expiresAt(clock.nowMs()) }
  const written = await transact([ownsCase(owner), { put: { ...key, token, ...listed } }])
  if (!written.ok) throw superseded(owner)
}

/** Since when the one has asked who has asked for longest. */
export async function oldestSleeperMs(): Promise<number | undefined> {
  const [oldest] = await readList(asleep, Number.MAX_SAFE_INTEGER, 1)
  return oldest === undefined ? undefined : Number(oldest.listedAtMs)
}

/** Wakes them one after the other, until that time. What is left is found by the next who looks. @returns how many were woken */
export async function wakeSleepers(untilMs: number): Promise<number> {
  let woken = 0
  const seen = new Set<string>()
  for (;;) {
    const page = await readList(asleep, Number.MAX_SAFE_INTEGER, pageSize)
    // The list is an index, which shows for a moment what was taken away.
    const fresh = page.filter(({ pk, sk }) => !seen.has(`${pk} ${sk}`))
    for (const { pk, sk } of fresh) {
      if (clock.nowMs() >= untilMs) return woken
      seen.add(`${pk} ${sk}`)
      if (await wakeSleeper({ pk: String(pk), sk: String(sk) })) woken++
    }
    if (fresh.length === 0) return woken
  }
}

const pageSize = 200

/** It is told when it was woken, so that its wait counts up to then. */
async function wakeSleeper(key: Key): Promise<boolean> {
  const item = await read(key)
  if (item === undefined) return false
  return await answerWith(parse(TokenItem, item, `Who sleeps at ${key.pk}`), { at: isoOf(clock.nowMs()) })
}
