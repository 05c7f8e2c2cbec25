// `npm run setup`: everything that later commands would otherwise prepare at their first run.
import { join } from 'node:path'
import { ensureVenv } from './cloud/python.ts'
import { prepareErpDatabase } from './erp/snapshot.ts'
import { localFolder, root } from './state.ts'

await Promise.all([
  ensureVenv('cloud', join(root, 'bin', 'local', 'requirements-cloud.txt')),
  prepareErpDatabase(join(localFolder, 'erp-setup'), { fresh: true }),
])
process.stderr.write('Everything is prepared: Node 24, the local cloud, and the ERP with its database.\n')
