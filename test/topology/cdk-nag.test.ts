import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { afterAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { processNames } from '#domain/processes.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { stackOf } from '../../lib/stack-of.ts'
import { temporaryFolder } from '../../lib/temporary-folder.ts'
import { createStacks } from '../../lib/topology.ts'
import { synthesized } from './synthesized.ts'

const folder = await synthesized('prod')
const scratch = temporaryFolder('nag')
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const Metadata = z.record(z.string(), z.array(z.object({ type: z.string(), data: z.unknown() })))

/** Every acknowledged rule: where, which, why. */
const acknowledged = ['PostonceHub', ...processNames.map(stackOf)].flatMap((stack) => {
  const metadata = Metadata.parse(JSON.parse(readFileSync(join(folder, `${stack}.metadata.json`), 'utf8')))
  return Object.entries(metadata).flatMap(([path, entries]) =>
    entries
      .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
      .flatMap(({ data }) => Object.entries(z.record(z.string(), z.string()).parse(data)))
      .map(([rule, reason]) => ({ path, rule: rule.replace('Annotation::', ''), reason })),
  )
})

describe('cdk-nag', () => {
  it('finds nothing in the stacks of an account', () => {
    expect(JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8'))).toMatchObject({
      pluginReports: [],
    })
  })

  it('ends the synthesis of an account when there is something to find', () => {
    // The rules of cdk-nag run nevertheless.
    vi.stubEnv('CDK_VALIDATION', 'false')
    vi.stubEnv('TMPDIR', scratch)
    const app = new App({ outdir: join(scratch, 'cdk.out'), context: { 'aws:cdk:disable-stack-trace': true } })
    const { hub } = createStacks(app, readEnvironment('prod'))
    new Queue(Stack.of(hub.key), 'Unencrypted')
    expect(() => app.synth()).toThrow('AwsSolutions-SQS4')
  })

  it('is answered for these rules only', () => {
    const rules = acknowledged.map(({ rule }) => rule)
    expect([...new Set(rules)].sort()).toEqual([
      'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
      'AwsSolutions-IAM5[Action::kms:ReEncrypt*]',
      'AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions-IAM5[Resource::<PayloadsCDFAA0A2.Arn>/*]',
      'AwsSolutions-IAM5[Resource::<SourceFilesBA99FC76.Arn>/*]',
      'AwsSolutions-IAM5[Resource::PostonceHub:ExportsOutputFnGetAttPayloadsCDFAA0A2Arn61AB835C/*]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:postonce/tryton-??????]',
      ...processNames.map(
        (name) =>
          `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:postonce-${name}:*]`,
      ),
      'AwsSolutions-S1',
      'AwsSolutions-SQS3',
    ])
  })

  it('is answered with a reason, at the construct that needs it and never at a whole stack', () => {
    expect(acknowledged.length).toBeGreaterThan(0)
    for (const { path, reason } of acknowledged) {
      expect(path.split('/').length).toBeGreaterThan(2)
      expect(reason).toMatch(/^[A-Z].{30,}\.$/)
    }
  })
})
