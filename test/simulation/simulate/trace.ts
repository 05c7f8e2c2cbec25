import { profiles, runHistory } from '../history.ts'
import { runPurchases } from '../purchases/run-purchases.ts'
import type { Subject } from './run-block.ts'

/** One seed's story: every call with its fault, every act from outside, every state of every execution, and the laws. */
export async function trace(seed: string, subjects: readonly Subject[]): Promise<number> {
  let failed = false
  for (const { process, profile } of subjects) {
    console.log(`== ${process}, ${profile}, seed ${seed}`)
    const tell = (atMs: number, line: string) => console.log(clock(atMs), line)
    const history =
      process === 'order-to-cash'
        ? await runHistory({ seed, profile, tell })
        : await runPurchases({ seed, profile: profiles[profile], tell })
    for (const { arn, now, visits } of history.executions) {
      console.log(`\n${arn} ${now.status} ${now.error ?? ''} ${now.cause ?? ''}`)
      for (const { enteredAtMs, state, redrive, exits, error = '' } of visits) {
        console.log(
          `  ${clock(enteredAtMs)} ${state}${redrive > 0 ? ` (redrive ${redrive})` : ''}: ${exits.join(', ')} ${error}`,
        )
      }
    }
    console.log(`\ncases: ${JSON.stringify(history.outcomes)}`)
    for (const { law, what } of history.violations) console.log(`✗ ${law}: ${what}`)
    if (history.violations.length === 0) console.log('every law held')
    failed ||= history.violations.length > 0
  }
  return failed ? 1 : 0
}

function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(8, 23)
}
