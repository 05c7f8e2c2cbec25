import { ends } from './ends.ts'
import { errors } from './errors.ts'
import { limits } from './limits.ts'
import { routes } from './routes.ts'
import type { Story } from './story.ts'
import { tokens } from './tokens.ts'
import { values } from './values.ts'

/** What the runner knows of Step Functions, a feature a story. */
export function smallStories(functionArn: string): Story[] {
  return [...values, ...routes, ...errors, ...ends, ...limits, ...tokens].map((story) => story(functionArn))
}
