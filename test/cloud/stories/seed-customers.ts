import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownSeed, seedLocalEnvironment } from '../../../bin/local/local-environment.ts'
import type { LocalEnvironment } from '../../../bin/local/state.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import type { Story } from './story.ts'

/** Gives each story its own customer, in the ERP and in the cross-reference of the shop. */
export async function seedCustomers(environment: LocalEnvironment, stories: readonly Story[]): Promise<void> {
  const folder = temporaryFolder('stories')
  try {
    const shop = join(folder, 'shop')
    mkdirSync(shop)
    copyFileSync(join(ownSeed, 'products.csv'), join(shop, 'products.csv'))
    const rows = stories.map(({ customer, creditLimit = 'NULL' }) => `${customer},Customer ${customer},${creditLimit}`)
    writeFileSync(join(shop, 'customers.csv'), `customerID,companyName,creditLimit\n${rows.join('\n')}\n`)
    await seedLocalEnvironment(environment, [shop], () => {}, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
