import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { lambdaEntries } from '../../lib/bundle.ts'
import { fileOf } from '../../lib/state-machine.ts'
import { actionsNeededBy } from './commands.ts'
import { ofType, resourcesOf } from './resources.ts'

const prod = await resourcesOf('prod')
const list = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const Policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: list, Resource: list })),
  }),
  Roles: z.array(z.string()).length(1),
})

/** Every right that a role has: role, action, resource. */
const rights = ofType(prod, 'AWS::IAM::Policy', Policy).flatMap(([, { PolicyDocument, Roles }]) =>
  PolicyDocument.Statement.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => Resource.map((resource) => ({ role: ownerOf(Roles[0] ?? ''), action, resource }))),
  ),
)
const roles = [...new Set(rights.map(({ role }) => role))]
const lambdas = roles.filter((role) => !role.startsWith('Machine'))
const everyLambda = (resource: string) => lambdas.map((role) => `${role} ${resource}`)

const erpSteps = [
  'AllocatePayment',
  'AmendSalesOrder',
  'CancelSalesOrder',
  'CloseSalesOrder',
  'CreateCreditNote',
  'CreateCustomerInvoice',
  'CreateSalesOrder',
  'PostGoodsIssue',
  'PostGoodsReturn',
  'PostIncomingPayment',
  'PostOutgoingPayment',
]

function ownerOf(role: string): string {
  return role.replace(/^<(FailureRecording|Inbox|DeadLetterClearing|Sweeping|AuditSealing)?|Role>$/g, '')
}

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
    const executions = `arn:${place}:states:<AWS::Region>:<AWS::AccountId>:execution:postonce-order-to-cash:*`
    const secret = `arn:${place}:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:postonce/tryton-??????`
    expect([...new Set(wild.map(({ role, resource }) => `${role} ${resource}`))].sort()).toEqual(
      [
        ...everyLambda('*'),
        'Machine *',
        `AcceptSalesOrder ${executions}`,
        `ClearDeadLetters ${executions}`,
        `SweepCases ${executions}`,
        ...['ApplyDecision', ...erpSteps].map((step) => `${step} ${secret}`),
        ...['AcceptSalesOrder', 'ApplyDecision', 'PickNextEvent', 'RecordSignal', 'StartUndelivered', ...erpSteps]
          .filter((role) => !['AllocatePayment', 'CancelSalesOrder', 'CloseSalesOrder'].includes(role))
          .map((role) => `${role} <Payloads>/*`),
      ].sort(),
    )
  })

  it('may do on everything what traces and delivers logs, and nothing else', () => {
    const actions = (role: string) => rights.filter((one) => one.role === role && one.resource === '*')
    for (const lambda of lambdas) {
      expect(actions(lambda).map(({ action }) => action)).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'])
    }
    expect(actions('Machine').every(({ action }) => /^(logs|xray):/.test(action))).toBe(true)
  })

  it('never scans the table', () => {
    expect(rights.filter(({ action }) => /Scan|PartiQL|Batch/.test(action))).toEqual([])
  })
})

describe('the role of each Lambda', () => {
  const services = [
    'dynamodb',
    'states',
    'events',
    'secretsmanager',
    'sqs:SendMessage',
    's3',
    'kms:Sign',
    'kms:GetPublicKey',
  ]
  it.each(lambdaEntries().map(({ name, file }) => [name, file] as const))(
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
      ...['AcceptSalesOrder', 'AwaitEvent', 'PickNextEvent', ...erpSteps]
        .sort()
        .map((step) => `lambda:InvokeFunction <${step}Function>`),
    ])
  })

  it('is started by a role of EventBridge that may only start it', () => {
    expect(rights.filter(({ role }) => role === 'MachineEvents')).toEqual([
      { role: 'MachineEvents', action: 'states:StartExecution', resource: '<Machine>' },
    ])
  })
})
