/** What the functions under the bench are told; read before they are imported. */
export const table = 'hub'
export const lambdaTimeoutMs = 32_000
export const settleMs = 10_000

Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  HUB_TABLE: table,
  BUS_NAME: 'postonce',
  CLIENT_TIMEOUT_MS: '15000',
  LEASE_MS: '40000',
  SETTLE_MS: String(settleMs),
  SKEW_MS: '500',
  SLOT_WAIT_MS: '5000',
})
