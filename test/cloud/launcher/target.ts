import type { Fixture } from '../../account/fixture.ts'

/** Where the checks run: the local cloud that a drill starts itself, or what `npm run verify:account` prepared. */
export interface DrillTarget {
  readonly place: Place
  readonly region: string
  readonly accountId: string
  /** Every name begins with it, and every resource bears it as its tag. */
  readonly prefix: string
  /** What the machines, the functions and the rules may do. */
  readonly roleArn: string
  /** Where the functions write; without it, Lambda makes one log group for each. */
  readonly logGroup?: string
  /** What stands ready; a drill on a local cloud of its own deploys it itself. */
  readonly fixture?: Fixture
  /** How long something that is said to happen is waited for. */
  readonly patienceSeconds: number
  /** How long a new rule may miss events. */
  readonly ruleSettleSeconds: number
  readonly pollMs: number
  readonly maxAttempts: number
}

export type Place = 'local cloud' | 'account'

/** The key of the tag that every resource bears. */
export const tagKey = 'postonce-verify-account'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Absent when the drills start a local cloud of their own. */
    drillTarget?: DrillTarget
  }
}
