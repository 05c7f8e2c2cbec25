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
  }[what]
  const about = key === undefined ? (day === undefined ? '' : ` of ${day}`) : ` ${key} ${place}`
  const instead = found === undefined ? '' : `; ${found} stands there`
  return `Line ${line}: ${subject}${about} ${means[kind]}${instead}.`
}
