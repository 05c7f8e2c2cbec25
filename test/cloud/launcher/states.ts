/** A task state that waits, its token sent to a queue. */
export function waiting(queueUrl: string, fields: object = {}) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Arguments: { QueueUrl: queueUrl, MessageBody: '{% $states.context.Task.Token %}' },
    End: true,
    ...fields,
  }
}

export function invoking(functionArn: string, fields: object = {}) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: functionArn, Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    End: true,
    ...fields,
  }
}
