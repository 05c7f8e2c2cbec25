import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/**
 * One client a service and execution environment, each in its own file, so that a function bundles only what it calls.
 * The SDK repeats a throttled or unanswered call by itself; every write of ours is conditional, so that such a repeat
 * is recognised.
 */
export const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
})
