import { PersonItem } from '#aws/audit.ts'
import { readEntries, readSeal, readSealed } from '#aws/audit-days.ts'
import { read } from '#aws/table.ts'
import { proofsOf, textOf } from '#domain/audit/export-lines.ts'
import { dayAfter, type Stretch } from '#domain/audit/seal.ts'
import { sortKey } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { CommandError } from '../terminal/explain.ts'

/**
 * The lines of an export: the entries as they stand in the table now, with the roots as they were signed then. It judges
 * nothing: whoever verifies it finds what does not fit.
 * @throws CommandError when a day is not sealed
 */
export async function exportDays(from: string, to: string, withPersons: boolean): Promise<readonly string[]> {
  const lines = [textOf({ export: { format: 1, from, to } })]
  for (let day = from; day <= to; day = dayAfter(day)) {
    const item = await readSeal(day)
    if (item === undefined)
      throw new CommandError(`${day} is not sealed: each day is between 01:00 and 02:00 UTC of the next one.`)
    const stretches = await readSealed(day)
    const { seal, chains } = proofsOf(item.seal, stretches)
    lines.push(seal)
    for (const [index, stretch] of stretches.entries()) {
      lines.push(chains[index] ?? '', ...(await linesOf(stretch, withPersons)))
    }
  }
  return lines
}

async function linesOf({ case: key, first, hashes }: Stretch, withPersons: boolean): Promise<readonly string[]> {
  const lines: string[] = []
  for (const entry of await readEntries(key, first, first + hashes.length - 1)) {
    lines.push(textOf({ entry }))
    const person = entry.personal !== undefined && withPersons ? await personOf(key, entry.place) : undefined
    if (person !== undefined) lines.push(textOf({ personal: { case: key, place: entry.place, values: person.values } }))
  }
  return lines
}

async function personOf(caseKey: string, place: number) {
  const item = await read({ pk: caseKey, sk: sortKey.person(place) })
  return item === undefined ? undefined : parse(PersonItem, item, `Who acted in entry ${place} of ${caseKey}`)
}
