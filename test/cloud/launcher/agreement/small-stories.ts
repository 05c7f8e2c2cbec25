import { errors } from './errors.ts'
import type { Story } from './story.ts'
import { tokens } from './tokens.ts'
import { values } from './values.ts'

/** What the runner knows of Step Functions, a feature a story. */
export function smallStories(functionArn: string): Story[] {
  return [...values, ...errors, ...tokens].map((story) => story(functionArn))
}
