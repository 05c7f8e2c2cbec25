import { CommandError, InputError } from '../terminal/explain.ts'

interface Given {
  readonly day?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/**
 * The first and the last day that are exported; where nothing is said, the newest that is sealed.
 * @throws InputError when what is said contradicts itself, CommandError when no day is sealed
 */
export function daysOf({ day, from, to }: Given, newest: string | undefined): { from: string; to: string } {
  if (day !== undefined && (from !== undefined || to !== undefined))
    throw new InputError('--day is one day; it goes with neither --from nor --to.')
  if (from === undefined && to !== undefined) throw new InputError('--to needs --from.')
  const first = from ?? day ?? newest
  if (first === undefined)
    throw new CommandError('No day is sealed yet: each one is between 01:00 and 02:00 UTC of the next.')
  const last = to ?? first
  if (first > last) throw new InputError(`--from ${first} is after --to ${last}.`)
  return { from: first, to: last }
}
