// The CDK app of the product as it is on a laptop, but for the connectors: in the bundles the simulated ERP is the only one.
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { bundleFunctions } from '../../../lib/bundle.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { createStacks } from '../../../lib/topology.ts'

bundleFunctions({ '#connectors/registry.ts': fileURLToPath(new URL('registry.ts', import.meta.url)) })
createStacks(new App(), readEnvironment('local'))
