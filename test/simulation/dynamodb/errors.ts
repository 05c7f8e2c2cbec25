import {
  type AttributeValue,
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import type { Item } from './attribute.ts'
import { toWireItem } from './attribute-value.ts'

const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 }

export function validationError(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata, message })
}

export function isValidationError(error: unknown): error is DynamoDBServiceException {
  return error instanceof DynamoDBServiceException && error.name === 'ValidationException'
}

/** The item comes in wire form: the DocumentClient translates outputs, not errors. */
export function conditionalCheckFailed(item: Item | undefined): ConditionalCheckFailedException {
  const message = 'The conditional request failed'
  return new ConditionalCheckFailedException({ $metadata, message, ...(item && { Item: wire(item) }) })
}

export function transactionCancelled(reasons: readonly Cancellation[]): TransactionCanceledException {
  const codes = reasons.map((reason) => reason.code ?? 'None')
  return new TransactionCanceledException({
    $metadata,
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: reasons.map(toReason),
  })
}

export type Cancellation = { readonly code?: string; readonly message?: string; readonly item?: Item }

/** What DynamoDB says to all of a transaction when another one holds one of its items. */
export function transactionConflict(actions: number): TransactionCanceledException {
  const message = 'Transaction is ongoing for the item'
  return transactionCancelled(Array.from({ length: actions }, () => ({ code: 'TransactionConflict', message })))
}

export function throttled(): ProvisionedThroughputExceededException {
  return new ProvisionedThroughputExceededException({
    $metadata,
    message: 'The level of configured throughput was exceeded',
  })
}

export function tableNotFound(): ResourceNotFoundException {
  return new ResourceNotFoundException({ $metadata, message: 'Requested resource not found' })
}

export function tokenReused(): IdempotentParameterMismatchException {
  return new IdempotentParameterMismatchException({ $metadata, message: 'The token was used with other parameters' })
}

function toReason({ code, message, item }: Cancellation): CancellationReason {
  if (code === undefined) return { Code: 'None' }
  return { Code: code, ...(message !== undefined && { Message: message }), ...(item && { Item: wire(item) }) }
}

/** The one place where the kit's own wire form is taken for the SDK's type of it. */
function wire(item: Item): Record<string, AttributeValue> {
  const form: unknown = toWireItem(item)
  if (!isWireItem(form)) throw new Error('An item has no wire form')
  return form
}

function isWireItem(form: unknown): form is Record<string, AttributeValue> {
  return typeof form === 'object' && form !== null
}
