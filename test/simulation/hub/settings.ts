import { readFileSync } from 'node:fs'
import { erpLimits } from '#domain/erp-limits.ts'
import { parseEnvironment } from '../../../lib/environment.ts'

/** What the functions of the simulated hub are told: the times of production, and names that exist nowhere else. */
export const times = parseEnvironment(
  'prod',
  readFileSync(new URL('../../../environments/prod.json', import.meta.url), 'utf8'),
).times

export const names = {
  table: 'hub',
  bus: 'postonce',
  bucket: 'payloads',
  account: 'erp',
  system: 'shop',
  deadLetters: 'https://sqs.us-east-1.amazonaws.com/000000000000/dead-letters',
  machine: 'postonce-order-to-cash',
  machineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:postonce-order-to-cash',
  purchaseMachine: 'postonce-procure-to-pay',
} as const

/** As lib/ makes it. */
export const hubTable = {
  name: names.table,
  keys: { partition: 'pk', sort: 'sk' },
  numberKeys: ['listedAtMs'],
  indexes: [
    { name: 'ByList', keys: { partition: 'listKey', sort: 'listedAtMs' } },
    { name: 'ByNumber', keys: { partition: 'number' } },
  ],
}

/** One call at once: the account that is hardest to keep. */
const account = 'tryton-sqlite'
export const limits = limitsOf(account)

function limitsOf(name: string) {
  const found = erpLimits[name]
  if (found === undefined) throw new Error(`There are no limits ${name}`)
  return found
}

/** Lambda time-outs, as lib/ sets them. */
export const recorderTimeoutMs = 10_000
export const sweeperTimeoutMs = 300_000
export const watchErpTimeoutMs = (times.lambdaTimeoutSeconds + 60) * 1000
export const reconcilerTimeoutMs = 900_000
export const visibilityTimeoutMs = 60_000

Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'Postonce',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  HUB_TABLE: names.table,
  BUS_NAME: names.bus,
  DEAD_LETTER_QUEUE_URL: names.deadLetters,
  STATE_MACHINES: names.machineArn.slice(0, -'order-to-cash'.length),
  PAYLOAD_BUCKET: names.bucket,
  SOURCE_BUCKET: 'source-files',
  FOUR_EYES_ABOVE: '{"EUR":"100.00"}',
  PURCHASING: JSON.stringify({ approvals: [{ company: '*', currency: 'EUR', above: '500.00' }] }),
  // Whatever can be repaired without a person.
  SELF_REPAIR: JSON.stringify({
    ...{ duplicate: 'cancel', 'missing-in-erp': 'replay', status: 'replay', late: 'replay' },
    ...{ quantity: 'adopt', amount: 'adopt' },
  }),
  ERP_CONNECTOR: 'simulated',
  ERP_ACCOUNT: names.account,
  ERP_LIMITS: account,
  ERP_SECRET: 'simulated-erp',
  CLIENT_TIMEOUT_MS: String(times.clientTimeoutSeconds * 1000),
  LEASE_MS: String(times.leaseSeconds * 1000),
  SETTLE_MS: String(times.settleSeconds * 1000),
  SKEW_MS: String(times.skewSeconds * 1000),
  DEADLINE_MS: String(times.deadlineSeconds * 1000),
  PARKED_MS: String(times.parkedSeconds * 1000),
  // The machine waits rather than the step: each poll of a step is a call more in every history.
  SLOT_WAIT_MS: '40',
  SILENT_MS: String(times.silentSeconds * 1000),
})
