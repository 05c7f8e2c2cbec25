import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resourcesOf } from './resources.ts'
import { root } from './synthesized.ts'

const runbook = readFileSync(join(root, 'docs/operate.md'), 'utf8')
const resources = { ...(await resourcesOf('prod')), ...(await resourcesOf('prod', 'procure-to-pay')) }

/** Texts of the code that look like the code of a refusal and are none; AWS and Node call things so. */
const otherWords = new Set([
  'ALL_NEW',
  'ALL_OLD',
  'EAI_AGAIN',
  'ERROR_CODE',
  'ERROR_MESSAGE',
  'PENDING_REDRIVE',
  'TIMED_OUT',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Every text in capitals of the functions and the rules, except the names of environment variables. */
function codesOfTheCode(): readonly string[] {
  const files = ['functions', 'lib'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  )
  const withUnderscore = /(?<!required\()'([A-Z]+(?:_[A-Z]+)+)'/g
  const oneWord = /\bcode: '([A-Z_]+)'/g
  const found = files.flatMap((text) => [withUnderscore, oneWord].flatMap((form) => [...text.matchAll(form)]))
  const codes = found.map(([, code = '']) => code).filter((code) => !otherWords.has(code))
  return [...new Set(codes)].sort()
}

function section(title: string): string {
  const [, after = ''] = runbook.split(`\n${title}\n`)
  return after.split(/\n##/)[0] ?? ''
}

describe('the runbook', () => {
  const headings = [
    ...(runbook
      .split('\n## Alarms\n')[1]
      ?.split('\n## ')[0]
      ?.matchAll(/^### (.+)$/gm) ?? []),
  ].map(([, heading = '']) => heading)

  it('has a heading for every alarm, and none for what is no alarm', () => {
    const alarms = Object.keys(resources).filter((name) => resources[name]?.Type === 'AWS::CloudWatch::Alarm')
    // One for all flows: the text of each names its own.
    const named = alarms.map((name) => name.replace(/^(Hub)?Alarms/, '').replace(/^(FlowSilent|FlowLate).+/, '$1'))
    expect(headings.map((heading) => heading.replaceAll('-', '')).sort()).toEqual([...new Set(named)].sort())
  })

  it.each(headings)('says of %s what it means, where to look, what to do, and what never', (heading) => {
    expect(section(`### ${heading}`)).toMatch(
      /^\n- \*\*Means\*\*: \S.+\n- \*\*Look\*\*: \S.+\n- \*\*Do\*\*: \S.+\n- \*\*Never\*\*: \S.+\n$/,
    )
  })

  it('says of every code in the code what it means and who owns it, and of no other', () => {
    const rows = [...section('## What each code means').matchAll(/^\| `([A-Z_]+)` \| (.+?) \|/gm)]
    const decided = [...section('### Why a decision is refused').matchAll(/^\| `([A-Z_]+)` \|/gm)]
    expect([...rows, ...decided].map(([, code]) => code).sort()).toEqual(codesOfTheCode())
    const owners = rows.flatMap(([, , owner = '']) => owner.split(', '))
    expect(owners.filter((owner) => !/^(sales|finance|warehouse|purchasing|integration)$/.test(owner))).toEqual([])
  })
})
