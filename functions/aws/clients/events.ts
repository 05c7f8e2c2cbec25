import { EventBridgeClient } from '@aws-sdk/client-eventbridge'

export const events = new EventBridgeClient({})
