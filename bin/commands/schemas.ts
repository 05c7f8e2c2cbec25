import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import * as z from 'zod'
import { root } from '../local/state.ts'
import { schemaFiles, schemaText } from './schemas/event-schemas.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({ write: z.boolean(), json: z.boolean() })

/** `schemas`: the JSON Schema of each event; docs/schemas holds the same files. */
export function schemasCommand(): Command {
  return new Command('schemas')
    .description('the JSON Schemas of the events')
    .option('--write', 'write them to docs/schemas', false)
    .option('--json', 'for programs', false)
    .action((given: unknown) => {
      const options = readOptions(Options, given)
      const files = schemaFiles()
      if (options.write) writeFiles(files)
      printResult(options.json, Object.fromEntries(files.map(({ name, schema }) => [name, schema])), () =>
        files.map(({ name }) => `docs/schemas/${name}`).join('\n'),
      )
    })
}

function writeFiles(files: ReturnType<typeof schemaFiles>): void {
  const folder = join(root, 'docs', 'schemas')
  mkdirSync(folder, { recursive: true })
  for (const { name, schema } of files) writeFileSync(join(folder, name), schemaText(schema))
}
