import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readEnvironment } from '../../lib/environment.ts'
import { ofType, resourcesOf } from './resources.ts'

const prod = await resourcesOf('prod')
const Policy = z.object({ PolicyDocument: z.object({ Statement: z.array(z.looseObject({})) }) })

describe('the table', () => {
  it('holds one case in one collection, lists cases by process, status and age, and finds them by any number', () => {
    expect(prod.HubTable?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ByList',
          KeySchema: [
            { AttributeName: 'listKey', KeyType: 'HASH' },
            { AttributeName: 'listedAtMs', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
        {
          IndexName: 'ByNumber',
          KeySchema: [{ AttributeName: 'number', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'listKey', AttributeType: 'S' },
        { AttributeName: 'listedAtMs', AttributeType: 'N' },
        { AttributeName: 'number', AttributeType: 'S' },
      ],
    })
  })

  it('can be restored to any second, is not deleted by accident, and forgets what has expired', () => {
    expect(prod.HubTable).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    })
  })
})

const { bodyDays } = readEnvironment('prod').retention

describe.each([
  ['the payloads', 'Payloads', [{ ExpirationInDays: bodyDays + 1 }, { Prefix: 'runs/', ExpirationInDays: 7 }]],
  ["the sources' files", 'SourceFiles', [{ ExpirationInDays: bodyDays }]],
])('%s', (_what, bucket, rules) => {
  it('outlive the stack, are open to nobody outside, and are forgotten with what they are compared or referred to with', () => {
    expect(prod[bucket]).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: '<Key>' },
            },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: rules.map((rule) => ({ Status: 'Enabled', ...rule })),
        },
      },
    })
    // A version would keep personal data beyond its time.
    expect(prod[bucket]?.Properties).not.toHaveProperty('VersioningConfiguration')
  })
})

describe('the key', () => {
  it('rotates and outlives the stack', () => {
    expect(prod.Key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } })
  })

  it('encrypts the table, the bus, its archive, the topic, every queue and every log group', () => {
    expect(prod.HubTable?.Properties.SSESpecification).toEqual({
      KMSMasterKeyId: '<Key>',
      SSEEnabled: true,
      SSEType: 'KMS',
    })
    const field = {
      'AWS::Events::EventBus': 'KmsKeyIdentifier',
      'AWS::Events::Archive': 'KmsKeyIdentifier',
      'AWS::SNS::Topic': 'KmsMasterKeyId',
      'AWS::SQS::Queue': 'KmsMasterKeyId',
      'AWS::Logs::LogGroup': 'KmsKeyId',
      'AWS::Lambda::Function': 'KmsKeyArn',
    } as const
    for (const [type, name] of Object.entries(field)) {
      for (const [resource, properties] of ofType(prod, type, z.record(z.string(), z.unknown()))) {
        expect([resource, properties[name]]).toEqual([resource, '<Key>'])
      }
    }
  })

  const statements = prod.Key?.Properties.KeyPolicy
  it.each([
    ['EventBridge put what it cannot deliver into the encrypted queue', 'events.amazonaws.com', undefined],
    ['CloudWatch publish to the encrypted topic', 'cloudwatch.amazonaws.com', undefined],
    [
      'CloudWatch Logs write the encrypted groups of this account',
      'logs.<AWS::Region>.amazonaws.com',
      {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:*' },
      },
    ],
  ])('lets %s', (_what, service, condition) => {
    const KeyPolicy = z.object({
      Statement: z.array(
        z.object({
          Effect: z.literal('Allow'),
          Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
          Principal: z.union([
            z.object({ AWS: z.string() }).transform(({ AWS }) => [AWS]),
            z
              .object({ Service: z.union([z.string().transform((one) => [one]), z.array(z.string())]) })
              .transform(({ Service }) => Service),
          ]),
          Condition: z.unknown().optional(),
        }),
      ),
    })
    const allowed = KeyPolicy.parse(statements).Statement.filter(({ Principal }) => Principal.includes(service))
    expect(allowed).toContainEqual(
      expect.objectContaining({
        Action: expect.arrayContaining(['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*']),
        ...(condition !== undefined && { Condition: condition }),
      }),
    )
    if (condition === undefined) expect(allowed.some((one) => one.Condition === undefined)).toBe(true)
  })
})

describe('what travels', () => {
  const denied = (Action: string) =>
    expect.objectContaining({ Effect: 'Deny', Action, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })

  it('reaches no queue and no topic without TLS', () => {
    const queues = ofType(prod, 'AWS::SQS::Queue', z.unknown()).map(([name]) => `<${name}>`)
    const policies = ofType(prod, 'AWS::SQS::QueuePolicy', Policy.extend({ Queues: z.array(z.string()) }))
    expect(policies.flatMap(([, { Queues }]) => Queues).sort()).toEqual(queues.sort())
    for (const [, { PolicyDocument }] of policies) expect(PolicyDocument.Statement).toContainEqual(denied('sqs:*'))
    const topic = Policy.parse(prod.AlarmsPolicy?.Properties)
    expect(topic.PolicyDocument.Statement).toContainEqual(denied('sns:Publish'))
  })

  it.each(['Payloads', 'SourceFiles'])('reaches the bucket %s with TLS only', (bucket) => {
    expect(Policy.parse(prod[`${bucket}Policy`]?.Properties).PolicyDocument.Statement).toContainEqual(denied('s3:*'))
  })

  it('reaches the dead letters from every rule of the account, since a rule of a process cannot change their policy', () => {
    expect(Policy.parse(prod.DeadLettersPolicy?.Properties).PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/*' },
        },
      }),
    )
  })
})
