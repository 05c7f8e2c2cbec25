import { readdirSync } from 'node:fs'
import type { ErpAccount } from '#domain/erp-limits.ts'
import { type Environment, erpAccountOf, readEnvironment } from '../../../lib/environment.ts'

/** The environment of this name, or each that there is. */
export function environmentsNamed(name: string | undefined): readonly Environment[] {
  const folder = new URL('../../../environments/', import.meta.url)
  const names =
    name === undefined
      ? readdirSync(folder)
          .map((file) => file.replace(/\.json$/, ''))
          .sort()
      : [name]
  return names.map(readEnvironment)
}

/** Their ERP accounts, each called by the limits that it has: several environments share those. */
export function accountsOf(environments: readonly Environment[]): readonly ErpAccount[] {
  const byLimits = new Map(environments.map((one) => [one.erp.limits, { ...erpAccountOf(one), name: one.erp.limits }]))
  return [...byLimits.values()]
}
