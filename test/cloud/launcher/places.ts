import { inject, it, type TestFunction } from 'vitest'
import type { Place } from './target.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What was measured on the way. */
    seen?: string
  }
}

const drill = inject('drillTarget')
const here: Place = drill?.place ?? 'local cloud'

/** What only the local cloud can provoke, or what only it promises. */
export const itLocally = it.skipIf(here !== 'local cloud')

/** What the local cloud has no means for: `npm test` does not have it, `npm run verify:account` lists it as not tried here. */
export function itInAnAccount(title: string, check: TestFunction): void {
  if (drill !== undefined) it.skipIf(here !== 'account')(title, check)
}
