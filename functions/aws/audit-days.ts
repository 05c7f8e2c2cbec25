import * as z from 'zod'
import { type AuditEntry, dayOf, hashOfEntry, noEntry } from '#domain/audit/entry.ts'
import { byCase, Seal, type Stretch } from '#domain/audit/seal.ts'
import { sortKey } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { AuditItem, shards, toSeal } from './audit.ts'
import { type Item, read, readLast, readRange, readWholeList, transact } from './table.ts'

/** SEAL: a day's signed statement with the public key; SEALED: what one chain has got that day. Put once. */
const SealItem = z.object({ sk: z.string(), seal: Seal, publicKey: z.string() })
export type SealItem = z.output<typeof SealItem>
const SealedItem = z.object({ sk: z.string(), first: z.int(), hashes: z.array(z.string()) })
const Listed = z.object({ pk: z.string(), sk: z.string() })

const seals = 'SEAL'
const sealedOn = (day: string) => `SEAL#${day}`
/** Chains that are read at one moment. */
const width = 25

/** A day of one chain; `broken` is the first place where it is not linked as it was written. */
export interface ChainDay {
  readonly stretch: Stretch
  readonly broken: number | undefined
}

/** The cases that have got an entry on a day. */
export async function casesTouchedOn(day: string): Promise<readonly string[]> {
  const lists = await Promise.all(shards.map((shard) => readWholeList(toSeal(day, shard))))
  return [...new Set(lists.flat().map(({ pk }) => String(pk)))]
}

/** What every chain has got on a day, in canonical order. Complete once no clock stands in that day any more. */
export async function readDay(day: string): Promise<readonly ChainDay[]> {
  const lists = await Promise.all(shards.map((shard) => readWholeList(toSeal(day, shard))))
  const firsts = lists.flat().map((item) => parse(Listed, item, `An entry of the list of ${day}`))
  const days: ChainDay[] = []
  for (let from = 0; from < firsts.length; from += width) {
    days.push(
      ...(await Promise.all(firsts.slice(from, from + width).map(({ pk, sk }) => chainDay(pk, placeOf(sk), day)))),
    )
  }
  return days.sort((one, other) => byCase(one.stretch, other.stretch))
}

async function chainDay(caseKey: string, first: number, day: string): Promise<ChainDay> {
  const entries = await readEntries(caseKey, Math.max(first - 1, 1), undefined)
  const before = entries.find(({ place }) => place === first - 1)
  const ofDay = entries.filter(({ place, atMs }) => place >= first && dayOf(atMs) === day)
  let previous = before === undefined ? noEntry : hashOfEntry(before)
  let broken: number | undefined
  const hashes: string[] = []
  for (const [offset, entry] of ofDay.entries()) {
    const isLinked = entry.place === first + offset && entry.previous === previous && entry.case === caseKey
    if (!isLinked) broken ??= first + offset
    previous = hashOfEntry(entry)
    hashes.push(previous)
  }
  return { stretch: { case: caseKey, first, hashes }, broken }
}

/** Entries of a chain as they stand in the table, from a place to another one, both included. */
export async function readEntries(
  caseKey: string,
  from: number,
  to: number | undefined,
): Promise<readonly AuditEntry[]> {
  const items = await readRange(caseKey, sortKey.audit(from), to === undefined ? 'AUDIT#~' : sortKey.audit(to))
  return items.map((item) => parse(AuditItem, item, `An audit entry of ${caseKey}`).entry)
}

/** The seal of the newest day that has one. */
export async function readNewestSeal(): Promise<Seal | undefined> {
  const item = await readLast(seals, '2')
  return item === undefined ? undefined : parseSeal(item).seal
}

export async function readSeal(day: string): Promise<SealItem | undefined> {
  const item = await read({ pk: seals, sk: day })
  return item === undefined ? undefined : parseSeal(item)
}

function parseSeal(item: Item): SealItem {
  return parse(SealItem, item, `The seal of ${String(item.sk)}`)
}

/** What was sealed of each chain, in canonical order, which is that of the sort key. */
export async function readSealed(day: string): Promise<readonly Stretch[]> {
  const items = await readRange(sealedOn(day), 'CASE#', 'CASE~')
  return items.map((item) => {
    const { sk, first, hashes } = parse(SealedItem, item, `What was sealed on ${day}`)
    return { case: sk.slice('CASE#'.length), first, hashes }
  })
}

/** Stores what is sealed of each chain. A run that was cut short before it had signed is repeated with the same. */
export async function storeSealed(day: string, stretches: readonly Stretch[]): Promise<void> {
  for (let from = 0; from < stretches.length; from += width) {
    const some = stretches.slice(from, from + width)
    await Promise.all(
      some.map(({ case: key, first, hashes }) =>
        transact([
          {
            put: { pk: sealedOn(day), sk: `CASE#${key}`, first, hashes },
            condition: 'attribute_not_exists(pk)',
          },
        ]),
      ),
    )
  }
}

/** @returns false when the day has a seal already */
export async function storeSeal(seal: Seal, publicKey: string): Promise<boolean> {
  const put = { pk: seals, sk: seal.statement.day, seal, publicKey }
  const written = await transact([{ put, condition: 'attribute_not_exists(pk)' }])
  return written.ok
}

const placeOf = (sk: string) => Number(sk.split('#')[1])
