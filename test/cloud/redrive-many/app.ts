// The CDK app of the product, but for the ERP: its registry of connectors is replaced in the bundles by the simulated one.
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { bundleFunctions } from '../../../lib/bundle.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { createStacks } from '../../../lib/topology.ts'
import { erpAccount } from './simulated-erp.ts'

bundleFunctions({ '#connectors/registry.ts': fileURLToPath(new URL('registry.ts', import.meta.url)) })
createStacks(new App(), { ...readEnvironment('local'), erp: erpAccount })
