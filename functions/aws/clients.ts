import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/**
 * One client a service and execution environment. The SDK repeats a throttled or unanswered call by itself; every
 * write of ours is conditional, so that such a repeat is recognised (docs/exactly-once.md).
 */
export const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
})
export const stepFunctions = new SFNClient({})
export const queues = new SQSClient({})
export const events = new EventBridgeClient({})
export const secrets = new SecretsManagerClient({})
