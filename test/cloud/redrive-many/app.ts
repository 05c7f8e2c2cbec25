// The CDK app of the product as it is on a laptop, but for the connectors: in the bundles the simulated ERP is the only one.
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { bundleFunctions } from '../../../lib/bundle.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { createStacks } from '../../../lib/topology.ts'

bundleFunctions({ '#connectors/registry.ts': fileURLToPath(new URL('registry.ts', import.meta.url)) })
const local = readEnvironment('local')
// The limits of a tenant with fifteen slots: on Tryton's one slot thousands of redriven cases stand waiting, and every answer wakes them all.
createStacks(new App(), { ...local, erp: { ...local.erp, limits: 'netsuite-premium' } })
