// The CDK app: `npx cdk deploy --all -c environment=prod`.
import { App } from 'aws-cdk-lib'
import { readEnvironment } from '../lib/environment.ts'
import { createStacks } from '../lib/topology.ts'

const app = new App()
const name: unknown = app.node.tryGetContext('environment')
if (typeof name !== 'string') throw new Error('Name the environment: npx cdk deploy --all -c environment=prod')
createStacks(app, readEnvironment(name))
