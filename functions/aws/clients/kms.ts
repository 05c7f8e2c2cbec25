import type * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { signedRequest } from './signed-request.ts'

/**
 * One call of KMS, whose client would be a dependency for two calls a day.
 * https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html
 */
export async function kms<Answer extends z.ZodType>(
  operation: string,
  input: Record<string, string>,
  answer: Answer,
): Promise<z.output<Answer>> {
  const { status, text } = await signedRequest({
    service: 'kms',
    method: 'POST',
    url: (region, endpoint = `https://kms.${region}.amazonaws.com`) => endpoint,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
    body: JSON.stringify(input),
  })
  if (status !== 200) throw new Error(`KMS refused ${operation}: ${status} ${text}`)
  return parse(answer, JSON.parse(text), `What KMS answered ${operation}`)
}
