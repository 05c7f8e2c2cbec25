import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ofType, resourcesOf } from './resources.ts'

const prod = await resourcesOf('prod')
const ofPurchases = await resourcesOf('prod', 'procure-to-pay')

describe('a failed execution', () => {
  it('of any machine of the hub is told by a rule on the default bus, whichever way it ended badly', () => {
    expect(prod.FailureRecordingFailedExecution?.Properties).toMatchObject({
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [
            { prefix: 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:postonce-' },
          ],
        },
      },
      Targets: [{ Arn: '<FailureRecordingFailedExecutions>' }],
    })
    expect(prod.FailureRecordingFailedExecution?.Properties).not.toHaveProperty('EventBusName')
    expect(prod.Machine?.Properties.StateMachineName).toBe('postonce-order-to-cash')
    expect(ofPurchases.Machine?.Properties.StateMachineName).toBe('postonce-procure-to-pay')
  })
})

describe('a queue', () => {
  const queues = ofType(
    prod,
    'AWS::SQS::Queue',
    z.object({
      MessageRetentionPeriod: z.number(),
      VisibilityTimeout: z.number().optional(),
      RedrivePolicy: z.unknown().optional(),
    }),
  )
  const sources = ofType(prod, 'AWS::Lambda::EventSourceMapping', z.looseObject({ EventSourceArn: z.string() }))

  it.each([
    ['DeadLetters', undefined, undefined],
    ['FailureRecordingFailedExecutions', 10, 'FailureRecordingRecordFailedExecutionFunction'],
    ['InboxDecisions', 10, 'InboxApplyDecisionFunction'],
    ['Signals', 10, 'RecordSignalFunction'],
    ['Undelivered', 10, 'StartUndeliveredFunction'],
  ])('%s hands what %s receptions did not settle to the dead letters', (name, maxReceiveCount, consumer) => {
    const [, queue] = queues.find(([one]) => one === name) ?? []
    expect(queue?.MessageRetentionPeriod).toBe(14 * 24 * 3600)
    expect(queue?.RedrivePolicy).toEqual(maxReceiveCount && { deadLetterTargetArn: '<DeadLetters>', maxReceiveCount })
    const [, source] = sources.find(([, { EventSourceArn }]) => EventSourceArn === `<${name}>`) ?? []
    expect(source?.FunctionName).toBe(consumer && `<${consumer}>`)
  })

  it('hides a message six times as long as its Lambda may run, as Lambda asks for', () => {
    expect(queues).toHaveLength(5)
    for (const [, source] of sources) {
      const [, queue] = queues.find(([name]) => `<${name}>` === source.EventSourceArn) ?? []
      const consumer = prod[String(source.FunctionName).slice(1, -1)]
      expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(consumer?.Properties.Timeout))
    }
  })

  it('gives back only the messages that failed', () => {
    expect(sources).toHaveLength(4)
    for (const [, source] of sources) {
      const size = source.EventSourceArn === '<InboxDecisions>' ? 1 : 10
      expect(source).toMatchObject({ BatchSize: size, FunctionResponseTypes: ['ReportBatchItemFailures'] })
    }
  })
})
