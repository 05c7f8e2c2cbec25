import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { vi } from 'vitest'
import { claimCase } from '#aws/case-store.ts'
import { postDocument } from '#aws/post-document.ts'
import { postingTimes } from '#aws/posting-times.ts'
import type { PostingPlan } from '#connectors/port.ts'
import { referenceOf } from '#domain/fingerprint.ts'
import { type PostingName, postingKeyOf } from '#domain/keys.ts'
import type { ProcessName } from '#domain/processes.ts'
import { createDatabase } from '../simulation/dynamodb/database.ts'
import { hubTable } from '../simulation/hub/settings.ts'
import type { TrytonUnderTest } from './tryton-under-test.ts'

/** The hub's own functions, with their table in memory, before a real Tryton. */
export function startHub({ erp, proxy }: TrytonUnderTest) {
  vi.stubEnv('ERP_CONNECTOR', 'tryton')
  const database = createDatabase({ tables: [hubTable], removeUndefinedValues: true })
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
  const { database: name, login, password } = erp
  const secret = { SecretString: JSON.stringify({ url: proxy.url, database: name, login, password }) }
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockImplementation(async () => secret)
}

export function stopHub(): void {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
}

/** Accepts a case, and posts this document of it, as a step does. */
export async function postForCase(
  process: ProcessName,
  caseKey: string,
  name: PostingName,
  plan: (reference: string) => PostingPlan,
) {
  const owner = { executionArn: `arn:${caseKey}`, epoch: 1, redriveCount: 0 }
  const content = { version: 1, createdVersion: 1, fingerprint: 'f', mapping: undefined }
  const totals = { currency: 'EUR', netTotal: '219.46', lines: [] }
  const audit = { stage: 'accepted', by: owner.executionArn }
  await claimCase(caseKey, process, owner, { ...content, ...totals }, {}, undefined, audit)
  const { document } = await postDocument({
    owner: { caseKey, ...owner },
    name,
    content: { name },
    plan,
    ...{ referenceLength: 80, system: 'tryton', times: postingTimes(), endsAtMs: Date.now() + 600_000 },
  })
  return { ...document, reference: referenceOf(postingKeyOf(caseKey, name), 80) }
}
