import type { Doubt } from '#domain/posting.ts'

/** What kind of ERP stands behind the hub: how doubt about its operations ends, and how late it may be. */
export type ProfileName = 'natural-key' | 'if-unchanged' | 'look-up' | 'look-up-late' | 'one-writer' | 'neither'

export type Profile = {
  readonly name: ProfileName
  readonly create: Doubt
  /** Documents that follow another: guarded by the stamp of the one before, where the profile says so. */
  readonly follow: Doubt
  /** Confirming a sales order, posting an invoice. */
  readonly transition: Doubt
  /** The longest until a request without an answer still arrives. */
  readonly longestLateMs: number
  /** The longest from its arrival until a look-up sees a new document. */
  readonly longestUnseenMs: number
  /**
   * Whether a frozen Lambda may go on after its time-out. Where the look-up rests on times, it may not: AWS ends it, and
   * the take-over counts the settle time from there.
   */
  readonly frozenSurvive: boolean
  /** Two writes at once break its books, so that the hub's writer slot is what protects them. */
  readonly isOneWriter?: boolean
}

/** `settleMs` is the longest from leaving the Lambda until a look-up sees the effect: late and unseen together. */
export function profilesWith(settleMs: number): Readonly<Record<ProfileName, Profile>> {
  const lateMs = 1_200_000
  const latencyMs = 1000
  return {
    'natural-key': {
      name: 'natural-key',
      create: 'natural-key',
      follow: 'natural-key',
      transition: 'if-unchanged',
      longestLateMs: lateMs,
      longestUnseenMs: 0,
      frozenSurvive: true,
    },
    'if-unchanged': {
      name: 'if-unchanged',
      create: 'natural-key',
      follow: 'if-unchanged',
      transition: 'if-unchanged',
      longestLateMs: lateMs,
      longestUnseenMs: 0,
      frozenSurvive: true,
    },
    'look-up': {
      name: 'look-up',
      create: 'look-up',
      follow: 'look-up',
      transition: 'look-up',
      longestLateMs: settleMs - latencyMs,
      longestUnseenMs: 0,
      frozenSurvive: false,
    },
    'look-up-late': {
      name: 'look-up-late',
      create: 'look-up',
      follow: 'look-up',
      transition: 'look-up',
      longestLateMs: settleMs / 2 - latencyMs,
      longestUnseenMs: settleMs / 2,
      frozenSurvive: false,
    },
    'one-writer': {
      name: 'one-writer',
      create: 'natural-key',
      follow: 'natural-key',
      transition: 'if-unchanged',
      longestLateMs: settleMs - latencyMs,
      longestUnseenMs: 0,
      frozenSurvive: false,
      isOneWriter: true,
    },
    neither: {
      name: 'neither',
      create: 'neither',
      follow: 'neither',
      transition: 'neither',
      longestLateMs: lateMs,
      longestUnseenMs: 0,
      frozenSurvive: true,
    },
  }
}
