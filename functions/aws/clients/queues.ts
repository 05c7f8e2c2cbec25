import { SQSClient } from '@aws-sdk/client-sqs'

export const queues = new SQSClient({})
