import { AuditItem } from '#aws/audit.ts'
import { hashOfEntry, noEntry } from '#domain/audit/entry.ts'
import { names } from '../hub/settings.ts'
import type { Hub } from '../hub.ts'
import type { State } from '../state.ts'
import type { Tell } from './law.ts'

/**
 * Law 6: the trail of each case is one chain without a gap or a fork, and tells of each document exactly once: by whoever
 * posted it, or by the person who found it in the ERP and had it adopted. A signal is consumed once.
 */
export function auditIsWhole({ database }: Hub, { postings }: State, tell: Tell): void {
  const chains = new Map<string, { place: number; hash: string; posted: string[] }>()
  const consumed = new Set<string>()
  const items = database.items(names.table).filter(({ sk }) => String(sk).startsWith('AUDIT#'))
  const entries = items.map((item) => AuditItem.parse(item).entry)
  for (const entry of entries.toSorted((one, other) => one.place - other.place)) {
    const chain = chains.get(entry.case) ?? { place: 0, hash: noEntry, posted: [] }
    if (entry.place !== chain.place + 1) tell('audit', `${entry.case} has no entry ${chain.place + 1}`)
    if (entry.previous !== chain.hash) tell('audit', `${entry.case} is not linked at ${entry.place}`)
    const isAdopted = entry.stage === 'decided' && entry.document !== undefined
    const told = `${entry.case} ${entry.posting}`
    if (entry.stage === 'consumed' && consumed.has(told)) tell('audit', `${told} is consumed twice`)
    if (entry.stage === 'consumed') consumed.add(told)
    if (entry.stage === 'posted' || isAdopted) chain.posted.push(`POSTING#${entry.posting?.replace('/', '#')}`)
    chains.set(entry.case, { ...chain, place: entry.place, hash: hashOfEntry(entry) })
  }
  for (const { pk, sk, status } of postings) {
    const times = chains.get(pk)?.posted.filter((one) => one === sk).length ?? 0
    if (status === 'posted' && times !== 1) tell('audit', `${pk} ${sk} is told ${times} times`)
  }
}
