import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import type { DrillTarget } from '../cloud/launcher/target.ts'
import { Fixture } from './fixture.ts'

const Target = z.object({
  place: z.enum(['local cloud', 'account']),
  region: z.string(),
  accountId: z.string(),
  prefix: z.string(),
  roleArn: z.string(),
  logGroup: z.string(),
  fixture: Fixture,
  patienceSeconds: z.number(),
  ruleSettleSeconds: z.number(),
  pollMs: z.number(),
  maxAttempts: z.number(),
}) satisfies z.ZodType<DrillTarget>

/** What the process that runs the checks is told by the one that prepares and cleans up. */
const Run = z.object({ root: z.string(), resultsFile: z.string(), target: Target })
export type Run = z.output<typeof Run>

const variable = 'POSTONCE_VERIFY_RUN'

export function readRun(environment: NodeJS.ProcessEnv): Run {
  return parse(Run, JSON.parse(environment[variable] ?? 'null'), variable)
}

export function writeRun(run: Run): Record<string, string> {
  return { [variable]: JSON.stringify(run) }
}
