import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownSeed, seedLocalEnvironment } from '../../../../bin/local/local-environment.ts'
import type { LocalEnvironment } from '../../../../bin/local/state.ts'
import { temporaryFolder } from '../../../../lib/temporary-folder.ts'
import type { PurchaseStory } from './story.ts'

/** Gives each story its own supplier, in the ERP and in the cross-reference of the shop. */
export async function seedSuppliers(environment: LocalEnvironment, stories: readonly PurchaseStory[]): Promise<void> {
  const folder = temporaryFolder('stories')
  try {
    const shop = join(folder, 'shop')
    mkdirSync(shop)
    for (const file of ['products.csv', 'customers.csv']) copyFileSync(join(ownSeed, file), join(shop, file))
    const rows = stories.map(({ supplier }) => `${supplier},Supplier ${supplier}`)
    writeFileSync(join(shop, 'suppliers.csv'), `supplierID,companyName\n${rows.join('\n')}\n`)
    await seedLocalEnvironment(environment, [shop], () => {}, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
