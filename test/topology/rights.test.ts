import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { processNames } from '#domain/processes.ts'
import { lambdaEntries } from '../../lib/bundle.ts'
import { fileOf, lambdasOf, readMachine } from '../../lib/state-machine.ts'
import { actionsNeededBy } from './commands.ts'
import { erpSteps } from './erp-steps.ts'
import { ofType, resourcesOf } from './resources.ts'

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const Policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: list, Resource: list })),
  }),
  Roles: z.array(z.string()).length(1),
})

function ownerOf(role: string): string {
  return role.replace(
    /^<(FailureRecording|Inbox|DeadLetterClearing|Sweeping|AuditSealing|Reconciliation|FlowWatching|ErpWatching)?|Role>$/g,
    '',
  )
}

/** Steps that read no content of an event. */
const withoutPayloads = [
  'AwaitEvent',
  'AllocatePayment',
  'CancelSalesOrder',
  'CloseSalesOrder',
  'AllocateSupplierCredit',
  'CancelPurchaseOrder',
  'ClosePurchaseOrder',
  'PostSupplierPayment',
]

describe.each(processNames)('with %s', async (process) => {
  const prod = await resourcesOf('prod', process)
  /** Every right that a role has: role, action, resource. */
  const rights = ofType(prod, 'AWS::IAM::Policy', Policy).flatMap(([, { PolicyDocument, Roles }]) =>
    PolicyDocument.Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => ({ role: ownerOf(Roles[0] ?? ''), action, resource }))),
    ),
  )
  const roles = [...new Set(rights.map(({ role }) => role))]
  const lambdas = roles.filter((role) => !role.startsWith('Machine'))
  const everyLambda = (resource: string) => lambdas.map((role) => `${role} ${resource}`)

  const posting = erpSteps[process]
  const steps = lambdasOf(readMachine(process))
  const accept = steps.find((step) => step.startsWith('Accept')) ?? ''

  describe('a role', () => {
    it('is made here: none has a managed policy or one inline', () => {
      for (const [, role] of ofType(prod, 'AWS::IAM::Role', z.record(z.string(), z.unknown()))) {
        expect(Object.keys(role).sort()).toEqual(['AssumeRolePolicyDocument', 'Tags'])
      }
    })

    it('may never do just anything; variants of two actions on the one key are the exception', () => {
      const wild = rights.filter(({ action }) => action.includes('*'))
      expect([...new Set(wild.map(({ action, resource }) => `${action} on ${resource}`))]).toEqual([
        'kms:GenerateDataKey* on <Key>',
        'kms:ReEncrypt* on <Key>',
      ])
    })

    it('names what it may touch; these alone cannot be named', () => {
      const wild = rights.filter(({ resource }) => /[*?]/.test(resource))
      const place = '<AWS::Partition>'
      const executions = (of: string) => `arn:${place}:states:<AWS::Region>:<AWS::AccountId>:execution:postonce-${of}:*`
      const secret = `arn:${place}:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:postonce/tryton-??????`
      expect([...new Set(wild.map(({ role, resource }) => `${role} ${resource}`))].sort()).toEqual(
        [
          ...everyLambda('*'),
          'Machine *',
          `${accept} ${executions(process)}`,
          ...processNames.flatMap((of) => [`ClearDeadLetters ${executions(of)}`, `SweepCases ${executions(of)}`]),
          ...['ApplyDecision', 'ReconcileBooks', 'WatchErp', ...posting].map((step) => `${step} ${secret}`),
          ...[...steps, 'ApplyDecision', 'RecordSignal', 'ReconcileBooks', 'StartUndelivered']
            .filter((role) => !withoutPayloads.includes(role))
            .map((role) => `${role} <Payloads>/*`),
          'ReconcileBooks <SourceFiles>/*',
        ].sort(),
      )
    })

    it('may do on everything what traces and delivers logs, or reads metrics, and nothing else', () => {
      const actions = (role: string) => rights.filter((one) => one.role === role && one.resource === '*')
      for (const lambda of lambdas) {
        expect(actions(lambda).map(({ action }) => action)).toEqual([
          // CloudWatch knows no resources.
          ...(lambda === 'WatchFlows' ? ['cloudwatch:GetMetricData'] : []),
          'xray:PutTelemetryRecords',
          'xray:PutTraceSegments',
        ])
      }
      expect(actions('Machine').every(({ action }) => /^(logs|xray):/.test(action))).toBe(true)
    })

    it('never scans the table', () => {
      expect(rights.filter(({ action }) => /Scan|PartiQL|Batch/.test(action))).toEqual([])
    })
  })

  describe('the role of each Lambda', () => {
    const isOther = (folder: string) => processNames.some((name) => name === folder && name !== process)
    const entries = lambdaEntries().filter(({ folder }) => !isOther(folder))
    const services = [
      'dynamodb',
      'states',
      'events',
      'secretsmanager',
      'sqs:SendMessage',
      's3',
      'kms:Sign',
      'kms:GetPublicKey',
      'cloudwatch',
    ]
    it.each(entries.map(({ name, file }) => [name, file] as const))(
      '%s allows exactly what its file sends',
      (name, file) => {
        const role = lambdas.find((one) => fileOf(one) === name)
        // What a queue hands to a function, the function's queue grants; this one looks into a queue by itself.
        const itsOwn = name === 'clear-dead-letters' ? [...services, 'sqs'] : services
        const own = rights.filter((right) => right.role === role && itsOwn.some((one) => right.action.startsWith(one)))
        // Reading a secret is granted together with describing it.
        const allowed = own.map(({ action }) => action).filter((action) => action !== 'secretsmanager:DescribeSecret')
        expect([...new Set(allowed)].sort()).toEqual(actionsNeededBy(file))
      },
    )
  })

  describe('the machine', () => {
    it('invokes its steps, publishes on the bus, and may do no more', () => {
      const own = rights.filter(({ role, resource }) => role === 'Machine' && resource !== '*' && resource !== '<Key>')
      expect(own.map(({ action, resource }) => `${action} ${resource}`).sort()).toEqual([
        'events:PutEvents <Bus>',
        ...steps.map((step) => `lambda:InvokeFunction <${step}Function>`),
      ])
    })

    it('is started by a role of EventBridge that may only start it', () => {
      expect(rights.filter(({ role }) => role === 'MachineEvents')).toEqual([
        { role: 'MachineEvents', action: 'states:StartExecution', resource: '<Machine>' },
      ])
    })
  })
})
