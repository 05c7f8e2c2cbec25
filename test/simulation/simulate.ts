import { runHistory } from './history.ts'

const [from = 1, count = 10] = process.argv.slice(2).map(Number)
for (const profile of (process.env.P ?? 'natural-key,if-unchanged,look-up,look-up-late,neither').split(
  ',',
) as never[]) {
  const start = performance.now()
  for (let seed = from; seed < from + count; seed++) {
    const history = await runHistory({ seed: String(seed), profile })
    if (history.violations.length > 0 || process.env.V)
      console.log(
        seed,
        history.outcomes,
        history.rounds,
        history.calls,
        history.faults.length,
        Math.round(history.virtualMs / 60000),
        history.violations,
      )
  }
  console.log(profile, count / ((performance.now() - start) / 1000), '/s')
}
