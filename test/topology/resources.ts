import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { ProcessName } from '#domain/processes.ts'
import { stackOf } from '../../lib/stack-of.ts'
import { type EnvironmentName, synthesized } from './synthesized.ts'

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
})
export type Resource = z.output<typeof Resource>
/** The resources of stacks by name: the logical id without its hash. */
export type Resources = Readonly<Record<string, Resource>>

/**
 * Every resource of the hub and of one process in an environment, each reference written as `<Name>` whichever intrinsic
 * function it is. Processes name their resources alike, so that they are looked at one by one.
 */
export async function resourcesOf(
  environment: EnvironmentName,
  process: ProcessName = 'order-to-cash',
): Promise<Resources> {
  const folder = await synthesized(environment)
  const all: Record<string, Resource> = {}
  for (const stack of ['PostonceHub', stackOf(process)]) {
    const template: unknown = JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8'))
    const { Resources } = z.object({ Resources: z.record(z.string(), z.unknown()) }).parse(template)
    for (const [id, resource] of Object.entries(Resources)) {
      const name = nameOf(id)
      // The CLI's note of which constructs were used; every stack has one.
      if (name === 'CDKMetadata') continue
      if (all[name] !== undefined) throw new Error(`Two resources are called ${name}`)
      all[name] = Resource.parse(withoutIntrinsics(resource))
    }
  }
  return all
}

/** Properties of all resources of a type, by name. */
export function ofType<T extends z.ZodType>(
  resources: Resources,
  type: string,
  properties: T,
): [string, z.output<T>][] {
  const found = Object.entries(resources).filter(([, resource]) => resource.Type === type)
  if (found.length === 0) throw new Error(`There is no ${type}`)
  return found.map(([name, resource]) => [name, properties.parse(resource.Properties)])
}

function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '')
}

const Intrinsic = z.union([
  z.strictObject({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).transform((one) => {
    return one['Fn::Join'][1].map((part) => String(withoutIntrinsics(part))).join('')
  }),
  z.strictObject({ Ref: z.string() }).transform(({ Ref }) => `<${nameOf(Ref)}>`),
  z
    .strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
    .transform((one) => `<${nameOf(one['Fn::GetAtt'][0])}>`),
  z.strictObject({ 'Fn::ImportValue': z.string() }).transform((one) => `<${exportedName(one['Fn::ImportValue'])}>`),
  z.strictObject({ 'Fn::Sub': z.string() }).transform((one) => one['Fn::Sub']),
])

function withoutIntrinsics(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIntrinsics)
  if (typeof value !== 'object' || value === null) return value
  const intrinsic = Intrinsic.safeParse(value)
  if (intrinsic.success) return intrinsic.data
  const unknown = Object.keys(value).find((key) => key.startsWith('Fn::'))
  if (unknown !== undefined) throw new Error(`The tests do not know ${unknown}`)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutIntrinsics(part)]))
}

/** `PostonceHub:ExportsOutputFnGetAttKey961B73FDArn5A860C43` is Key. */
function exportedName(name: string): string {
  const match = /:ExportsOutput(?:Ref|FnGetAtt)(.+?)[0-9A-F]{8}(?:Arn)?[0-9A-F]{8}$/.exec(name)
  if (match?.[1] === undefined) throw new Error(`The tests do not know the export ${name}`)
  return match[1]
}
