import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { diagramOf } from '#domain/flow-catalog/diagram.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { withCatalog } from '../../../bin/commands/flows/docs.ts'
import { accountsOf, environmentsNamed } from '../../../bin/commands/flows/environments.ts'
import { flowsCommand } from '../../../bin/commands/flows.ts'

const page = readFileSync(new URL('../../../docs/flows.md', import.meta.url), 'utf8')
const accounts = accountsOf(environmentsNamed(undefined))

afterEach(() => vi.restoreAllMocks())

/** What a command prints. */
async function printed(...words: readonly string[]): Promise<string> {
  let text = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  await flowsCommand().parseAsync(words, { from: 'user' })
  return text
}

describe('docs/flows.md', () => {
  it('says what the catalog says (npx postonce flows --write)', () => {
    expect(withCatalog(page, flowCatalog, accounts)).toBe(page)
  })

  it('must have the marks between which it is written', () => {
    expect(() => withCatalog('# Flows', flowCatalog, accounts)).toThrow('docs/flows.md must have the marks <!-- flows:')
  })
})

describe('postonce flows', () => {
  it('shows each flow, and what each ERP account can take', async () => {
    const text = await printed()
    for (const { name } of flowCatalog) expect(text).toContain(`\n${name} `)
    expect(text).toContain('tryton-sqlite: 1 at once, so 480 calls a minute; at the peak of all flows')
  })

  it('gives programs every attribute', async () => {
    const Catalog = z.object({ flows: z.array(z.unknown()) })
    expect(Catalog.parse(JSON.parse(await printed('--json'))).flows).toEqual(flowCatalog)
  })

  it('checks the environment that is named', async () => {
    expect(JSON.parse(await printed('check', '--json', '-e', 'prod'))).toEqual([{ environment: 'prod', findings: [] }])
    expect(process.exitCode).toBeUndefined()
  })

  it('draws systems, flows with their owners and volumes, and limits', async () => {
    const text = await printed('diagram', '-e', 'prod')
    for (const { source, target } of flowCatalog)
      for (const system of [source, target]) expect(text).toContain(`["${system}`)
    for (const { name, owner, volume } of flowCatalog)
      expect(text).toContain(`${name}<br>${owner}, ${volume.perDay} a day`)
    expect(text).toContain('tryton-postgresql: 4 at once, 1 posting, 30 in 1 s')
  })

  it('draws a flow that goes both ways with both ends', () => {
    const [flow] = flowCatalog
    if (flow === undefined) throw new Error('The catalog is empty')
    expect(diagramOf([{ ...flow, direction: 'two-way', echoSuppression: 'version' }], accounts)).toContain(
      's-shop <-->|"sales-order',
    )
  })
})
