import type { Finding } from '#domain/audit/finding.ts'

const means: Readonly<Record<Finding['kind'], string>> = {
  changed: 'was changed',
  removed: 'was removed',
  inserted: 'was inserted',
  reordered: 'is not where it was',
  unsealed: 'is under no root, or was not linked when it was sealed',
}

/** The first thing that is wrong, in a sentence. */
export function formatFinding({ kind, line, what, day, case: key, place, found }: Finding): string {
  const subject = {
    entry: 'the entry',
    chain: 'the proof of',
    personal: 'who acted in',
    seal: 'the seal',
    head: 'the first line',
    line: 'something that is no line of an export',
  }[what]
  // Of a chain that the end of the file lacks, nothing but the day is known.
  const ofDay = day === undefined || what === 'line' ? '' : `${what === 'chain' ? ' a chain' : ''} of ${day}`
  const about = key === undefined ? ofDay : ` ${key} ${place}`
  // A chain that stands where another must is named by what stands there.
  const instead = found === undefined || about === ` ${found}` ? '' : `; ${found} stands there`
  // A signature that does not fit says no more.
  const orKey = what === 'seal' && kind === 'changed' ? ', or --key is not the key that signed it' : ''
  return `Line ${line}: ${subject}${about} ${means[kind]}${instead}${orKey}.`
}
