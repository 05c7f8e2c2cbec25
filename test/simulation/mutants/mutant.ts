import { type Environment, environment } from '#aws/environment.ts'
import type { Broken } from '../broken.ts'
import type { ProfileName } from '../erp/profiles.ts'
import type { Undo } from '../replace.ts'

/** A protection taken away from outside of the product: a setting, a request or the machine changed on its way. */
export type Mutant = {
  readonly name: string
  readonly profile: ProfileName
  readonly broken?: Broken
  readonly apply?: () => Undo
  /** Only hundreds of schedules show it. */
  readonly isRare?: true
}

/** The functions read their environment once; this changes what they have read. */
export function changing<Name extends keyof Environment>(name: Name, value: Environment[Name]): () => Undo {
  return () => {
    const read = environment()
    const before = read[name]
    Object.assign(read, { [name]: value })
    return () => {
      Object.assign(read, { [name]: before })
    }
  }
}
