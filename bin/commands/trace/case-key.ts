import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { caseKeyOf } from '#domain/keys.ts'
import { processes, processNames } from '#domain/processes.ts'
import { root } from '../../local/state.ts'
import { CommandError } from '../terminal/explain.ts'

/** The keys that a person may mean: the whole one, or a number with its source, or with every source known here. */
export function candidateKeys(given: string, sources: readonly string[], mapped = mappedSources()): readonly string[] {
  const parts = given.split('/')
  if (parts.length >= 3) return [given]
  const [first = '', second] = parts
  const keysOf = (source: string, number: string) =>
    processNames.map((process) => caseKeyOf(source, processes[process].document, number))
  if (second !== undefined) return keysOf(first, second)
  return [...new Set([...sources, ...mapped])].flatMap((source) => keysOf(source, first))
}

/** What to say when a key finds nothing, or more than one case. */
export function unknownCase(given: string, found: readonly string[]): CommandError {
  if (found.length > 1) return new CommandError(`${given} may be ${found.join(' or ')}: give the whole key.`)
  return new CommandError(
    `There is no case ${given}, and none with that number; upper and lower case are told apart. A key has the form <source>/<document>/<number>, such as shop/sales-order/T1001. npx postonce cases lists what there is; an event that could not be understood has no case and stands among the dead letters.`,
  )
}

function mappedSources(): readonly string[] {
  return readdirSync(join(root, 'mappings'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  )
}
