import * as z from 'zod'
import { type Seal, type Statement, signedBytes } from '#domain/audit/seal.ts'
import { kms } from './clients/kms.ts'
import { required } from './environment.ts'

/** Signs a day's statement with the key of the audit trail, which never leaves KMS. */
export async function sign(statement: Statement): Promise<Seal> {
  const { Signature } = await kms(
    'Sign',
    {
      KeyId: required('AUDIT_KEY'),
      Message: signedBytes(statement).toString('base64'),
      MessageType: 'RAW',
      SigningAlgorithm: 'ECDSA_SHA_256',
    },
    z.object({ Signature: z.string() }),
  )
  return { statement, signature: Signature }
}

/** The public key, as a PEM. */
export async function readPublicKey(): Promise<string> {
  const { PublicKey } = await kms('GetPublicKey', { KeyId: required('AUDIT_KEY') }, z.object({ PublicKey: z.string() }))
  const lines = PublicKey.match(/.{1,64}/g) ?? []
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n')
}
