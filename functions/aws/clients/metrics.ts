import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'

export const metrics = new CloudWatchClient({})
