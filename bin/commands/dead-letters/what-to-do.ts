import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../local/state.ts'

/** What docs/operate.md tells to do about each code, by code: the last column of its table. */
export function whatToDo(runbook = readRunbook()): ReadonlyMap<string, string> {
  const rows = [...runbook.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| .+? \| (.+) \|$/gm)]
  return new Map(rows.map(([, code = '', , text = '']) => [code, withoutLinks(text)]))
}

/** What to do where the code says nothing, by the class. */
export const whatToDoByClass: Readonly<Record<string, string>> = {
  retryable: 'bring the ERP back, then redrive',
  'in-doubt': 'when the ERP answers again, redrive: it looks first',
  poison: 'mend the source or the mapping, deploy, then redrive or publish the event again',
  bug: 'deploy a mended version, then redrive',
  stopped: 'redrive, if it was not stopped for good',
  undelivered: 'mend the target, then redrive: the event is published again',
}

/** A terminal has no links: the page that one leads to is named, or the section of the runbook itself. */
function withoutLinks(text: string): string {
  return text.replace(/\[([^\]]+)\]\(([^)]+)\)/g, (_link, words: string, to: string) =>
    to.startsWith('#') ? `${words} in docs/operate.md` : `docs/${to.replace(/#.*/, '')}`,
  )
}

function readRunbook(): string {
  return readFileSync(join(root, 'docs/operate.md'), 'utf8')
}
