import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { Watched } from '#domain/silence.ts'

/** Whose silence is told: the deployment has put it beside the bundle. */
export function readWatched(): readonly Watched[] {
  const text = readFileSync(new URL('./watched.json', import.meta.url), 'utf8')
  return parse(z.array(Watched), JSON.parse(text), 'What is watched')
}
