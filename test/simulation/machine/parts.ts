import { isRecord, type JsonRecord } from '../json.ts'
import { SimulationError } from '../simulation-error.ts'
import { compileTemplate, type Template } from './template.ts'

/** What a state, a choice and a catcher have in common: what is kept on the way out. */
export type Exit = { readonly assign?: Template; readonly output?: Template }

export function readExit(where: string, value: JsonRecord): Exit {
  if (value.Assign !== undefined && !isRecord(value.Assign))
    throw new SimulationError(`Assign of ${where} is no object`)
  return { ...template(where, value, 'Assign', 'assign'), ...template(where, value, 'Output', 'output') }
}

export function template<Name extends string>(
  where: string,
  value: JsonRecord,
  field: string,
  name: Name,
): { [Key in Name]?: Template } {
  const templates: { [Key in Name]?: Template } = {}
  if (Object.hasOwn(value, field)) templates[name] = compileTemplate(value[field], `${where}.${field}`)
  return templates
}

export function text(value: JsonRecord, field: string, where: string): string {
  const found = value[field]
  if (typeof found !== 'string') throw new SimulationError(`${where} needs ${field}`)
  return found
}
