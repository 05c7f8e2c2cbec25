import type { MiddlewareObj } from '@middy/core'
import type { Context } from 'aws-lambda'
import type { Ownership } from '../case-store.ts'

/** What the middlewares of one invocation know of each other. */
export interface StepInternal extends Record<string, unknown> {
  /** The execution and, once it is known, its case: whom an outcome is about. */
  about?: { readonly executionArn: string; readonly redriveCount: number; readonly caseKey?: string | undefined }
  owner?: Ownership
  /** Since when the case has asked for the ERP, if it comes from a wait for it. */
  askedSinceMs?: number | undefined
  /** Whether the machine has a state in which it sleeps until the ERP account takes calls again. */
  canSleep?: boolean
}

export type StepMiddleware = MiddlewareObj<unknown, unknown, Error, Context, StepInternal>
