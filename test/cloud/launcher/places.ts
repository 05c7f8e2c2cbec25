import { inject, it } from 'vitest'
import type { Place } from './target.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What was measured on the way. */
    seen?: string
  }
}

const here: Place = inject('drillTarget')?.place ?? 'local cloud'

/** What only the local cloud can provoke, or what only it promises. */
export const itLocally = it.skipIf(here !== 'local cloud')

/** What the local cloud has no means for. */
export const itInAnAccount = it.skipIf(here !== 'account')
