import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets'
import * as z from 'zod'
import type { ErpConnector } from '#connectors/port.ts'
import { createConnector } from '#connectors/registry.ts'
import { parse } from '#domain/schema.ts'
import { secrets } from './clients/secrets.ts'
import { environment, required } from './environment.ts'
import { erpGate } from './erp-budget/gate.ts'

/** A document that no ERP has: whoever asks for it wants to know whether he is answered. */
export const noSuchDocument = { by: 'reference', is: 'NO-SUCH-DOCUMENT' } as const

const Secret = z.object({ url: z.url() }).catchall(z.string())

const provider = new SecretsProvider({ awsSdkV3Client: secrets })
let connector: ErpConnector | undefined

/** The connector of the function's ERP account; made once, since it holds the session. */
export async function erp(): Promise<ErpConnector> {
  if (connector !== undefined) return connector
  const text = await provider.get(required('ERP_SECRET'), { maxAge: 300 })
  const { url, ...credentials } = parse(Secret, JSON.parse(String(text)), 'The secret with the ERP credentials')
  const made = createConnector(required('ERP_CONNECTOR'), {
    url,
    credentials,
    clientTimeoutMs: environment().CLIENT_TIMEOUT_MS,
    settleMs: environment().SETTLE_MS,
    gate: erpGate,
  })
  connector = made
  return made
}
