import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { temporaryFolder } from '../../lib/temporary-folder.ts'
import { root } from './synthesized.ts'

const step = 'functions/order-to-cash/x.ts'
const connector = 'functions/connectors/tryton/x.ts'
const domain = 'functions/domain/x.ts'
const ubl = 'functions/ubl/x.ts'
const platform = 'functions/aws/x.ts'

/** Who imports what, and whether the lint refuses it. */
const rows: readonly (readonly [string, string, 'allowed' | 'refused'])[] = [
  [domain, 'zod', 'allowed'],
  [domain, 'big.js', 'allowed'],
  [domain, 'node:crypto', 'allowed'],
  [domain, './money.ts', 'allowed'],
  [domain, '#domain/money.ts', 'allowed'],
  [domain, '#aws/table.ts', 'refused'],
  [domain, '../aws/table.ts', 'refused'],
  [domain, '#connectors/port.ts', 'refused'],
  [domain, '../connectors/port.ts', 'refused'],
  [domain, 'node:fs', 'refused'],
  [domain, 'fs', 'refused'],
  [domain, '@aws-sdk/client-dynamodb', 'refused'],
  [domain, '@aws-lambda-powertools/logger', 'refused'],
  [domain, 'jsonata', 'refused'],
  [connector, 'zod', 'allowed'],
  [connector, 'big.js', 'allowed'],
  [connector, './wire.ts', 'allowed'],
  [connector, '../port.ts', 'allowed'],
  [connector, '../purchasing-port.ts', 'allowed'],
  [connector, '#connectors/port.ts', 'allowed'],
  [connector, '#domain/errors.ts', 'allowed'],
  [connector, '#aws/table.ts', 'refused'],
  [connector, '../../aws/table.ts', 'refused'],
  [connector, '../registry.ts', 'refused'],
  [connector, '../netsuite/client.ts', 'refused'],
  [connector, '@aws-sdk/client-dynamodb', 'refused'],
  [connector, 'node:fs', 'refused'],
  ['functions/connectors/registry.ts', './tryton/connector.ts', 'allowed'],
  [ubl, 'zod', 'allowed'],
  [ubl, 'big.js', 'allowed'],
  [ubl, 'saxes', 'allowed'],
  [ubl, './xml.ts', 'allowed'],
  [ubl, '#domain/procurement-documents.ts', 'allowed'],
  ['functions/ubl/rules/x.ts', '../element.ts', 'allowed'],
  [ubl, '#aws/table.ts', 'refused'],
  [ubl, '#connectors/port.ts', 'refused'],
  [ubl, '../aws/table.ts', 'refused'],
  ['functions/ubl/rules/x.ts', '../../connectors/port.ts', 'refused'],
  [ubl, 'node:fs', 'refused'],
  [domain, 'saxes', 'refused'],
  [domain, '#ubl/xml.ts', 'refused'],
  [connector, '#ubl/xml.ts', 'refused'],
  [platform, '@aws-sdk/client-dynamodb', 'allowed'],
  [platform, '@aws-lambda-powertools/logger', 'allowed'],
  [platform, '@middy/core', 'allowed'],
  [platform, '#connectors/port.ts', 'allowed'],
  [platform, '#domain/errors.ts', 'allowed'],
  ['functions/aws/clients/x.ts', '../environment.ts', 'allowed'],
  [platform, '../order-to-cash/pick-next-event.ts', 'refused'],
  ['functions/aws/clients/x.ts', '../../ingress/record-signal.ts', 'refused'],
  [platform, '../../lib/bundle.ts', 'refused'],
  [platform, 'aws-cdk-lib', 'refused'],
  [step, 'zod', 'allowed'],
  [step, '#aws/define-step.ts', 'allowed'],
  [step, '#connectors/port.ts', 'allowed'],
  [step, '#domain/errors.ts', 'allowed'],
  [step, '#ubl/read-ubl.ts', 'allowed'],
  [step, 'saxes', 'refused'],
  [step, '@aws-sdk/client-dynamodb', 'refused'],
  [step, '@aws-lambda-powertools/logger', 'refused'],
  [step, '@middy/core', 'refused'],
  [step, './await-event.ts', 'refused'],
  [step, '../../lib/environment.ts', 'refused'],
  [step, '../../bin/app.ts', 'refused'],
  [step, '../../test/simulation/seam.ts', 'refused'],
  ['functions/ingress/x.ts', '@aws-sdk/client-sqs', 'refused'],
  ['functions/operations/x.ts', '@middy/core', 'refused'],
  ['functions/a-process-to-come/x.ts', '@aws-sdk/client-sfn', 'refused'],
  ['lib/x.ts', 'aws-cdk-lib', 'allowed'],
  ['lib/x.ts', '#domain/events.ts', 'allowed'],
  ['lib/x.ts', '../bin/app.ts', 'refused'],
  ['lib/x.ts', '../test/topology/resources.ts', 'refused'],
  ['bin/local/x.ts', '../../lib/environment.ts', 'allowed'],
  ['bin/local/x.ts', '#aws/clients/dynamo.ts', 'allowed'],
  ['bin/local/x.ts', '../../test/simulation/seam.ts', 'refused'],
]

const Report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
})
const folder = temporaryFolder('imports')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const refused = lint()

/** One run of Biome with the project's own rules over a file for each row. */
function lint(): ReadonlySet<string> {
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [index, [importer, imported]] of rows.entries()) {
    const path = join(folder, fileOf(importer, index))
    mkdirSync(dirname(path), { recursive: true })
    // A type is a dependency as much as a value is.
    const keyword = index % 2 === 0 ? 'import' : 'import type'
    writeFileSync(path, `${keyword} { one } from '${imported}'\nexport type Two = typeof one\n`)
  }
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: folder, encoding: 'utf8' },
  )
  if (!stdout.startsWith('{')) throw new Error(`Biome did not report: ${stderr}`)
  const report = Report.parse(JSON.parse(stdout))
  const restricted = report.diagnostics.filter(({ category }) => category === 'lint/style/noRestrictedImports')
  return new Set(restricted.map(({ location }) => location.path))
}

function fileOf(importer: string, index: number): string {
  return importer.replace(/\w+\.ts$/, `x${index}.ts`)
}

describe('imports point one way', () => {
  it.each(rows.map((row, index) => [...row, index] as const))(
    '%s imports %s: %s',
    (importer, _imported, verdict, index) => {
      expect(refused.has(fileOf(importer, index)) ? 'refused' : 'allowed').toBe(verdict)
    },
  )

  it('and the code as it is breaks none of these rules', () => {
    const biome = join(root, 'node_modules/.bin/biome')
    const lintAll = () =>
      execFileSync(biome, ['lint', '--only=style/noRestrictedImports', 'functions', 'lib', 'bin'], {
        cwd: root,
        stdio: 'pipe',
      })
    expect(lintAll).not.toThrow()
  })
})
