import { createHash } from 'node:crypto'

/** What of an error tells one cause from another. */
export interface FailureFacts {
  readonly stage: string
  readonly class: string
  readonly code: string
  readonly system?: string | undefined
  readonly message: string
}

/**
 * Groups failures of the same cause: state, class, code, system, and the message without what differs from case to
 * case (quoted values, numbers, ids, and how many of them). A thousand failures of one cause are mended and redriven as one.
 */
export function signatureOf({ stage, class: errorClass, code, system, message }: FailureFacts): string {
  const normalised = message
    .replace(/"[^"]*"|'[^']*'/g, '…')
    .replace(/\S*[\d/]\S*/g, '…')
    .replace(/(…(, | )?)+/g, '… ')
    .trim()
    .slice(0, 120)
  return [stage, errorClass, code, system ?? '-', normalised].join(' | ')
}

/** What a person types for a signature: eight hex digits of its SHA-256. */
export function signatureId(signature: string): string {
  return createHash('sha256').update(signature).digest('hex').slice(0, 8)
}
