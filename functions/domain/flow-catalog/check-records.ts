import type { Finding } from './check.ts'
import type { Flow } from './flow.ts'

/** A field has one system of record, and nobody else writes it. */
export function recordFindings(flows: readonly Flow[]): readonly Finding[] {
  const claims = flows.flatMap((flow) =>
    Object.entries(flow.systemOfRecord).map(([field, system]) => ({ flow, field, system })),
  )
  const fields = [...new Set(claims.map(({ field }) => field))]
  return [
    ...unowned(flows),
    ...flows.filter(isKeyedAlike).map(keyedAlike),
    ...fields.flatMap((field) => twoOwners(field, claims)),
    ...claims.flatMap(byNonOwner),
  ]
}

interface Claim {
  readonly flow: Flow
  readonly field: string
  readonly system: string
}

function unowned(flows: readonly Flow[]): readonly Finding[] {
  return flows
    .filter(({ systemOfRecord }) => Object.keys(systemOfRecord).length === 0)
    .map(({ name, source }) => ({
      flows: [name],
      rule: 'system-of-record',
      says: 'names no system of record for what it writes',
      mend: `name the domain or the fields that it writes in systemOfRecord, with ${source} if that is whose value wins`,
    }))
}

/** Two items under one key would be one document. */
function isKeyedAlike({ target, idempotencyKey }: Flow): boolean {
  return target === 'erp' && !/\{(?!case\}|source\})\w+\}/.test(idempotencyKey)
}

function keyedAlike({ name, idempotencyKey }: Flow): Finding {
  return {
    flows: [name],
    rule: 'attributes',
    says: `idempotencyKey ${JSON.stringify(idempotencyKey)} is the same for several items of a case, of which one only would be posted`,
    mend: "name in it what an item's own number is, such as {deliveryNote}",
  }
}

function twoOwners(field: string, claims: readonly Claim[]): readonly Finding[] {
  const own = claims.filter((claim) => claim.field === field)
  const systems = [...new Set(own.map(({ system }) => system))]
  if (systems.length < 2) return []
  return [
    {
      flows: [...new Set(own.map(({ flow }) => flow.name))],
      rule: 'system-of-record',
      says: `${field} has ${systems.length} systems of record: ${systems.join(', ')}`,
      mend: `agree on one of them, or split ${field} into fields that have one each`,
    },
  ]
}

function byNonOwner({ flow, field, system }: Claim): readonly Finding[] {
  if (flow.source === system) return []
  return [
    {
      flows: [flow.name],
      rule: 'owner',
      says: `${flow.source} writes ${field}, whose system of record is ${system}`,
      mend: `take ${field} out of the flow, let it come from ${system}, or make ${flow.source} the system of record in every flow that writes it`,
    },
  ]
}
