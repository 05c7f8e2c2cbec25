// Sends orders through the simulated hub, changes some of them behind its back in eight ways, has the differences found
// and repaired by two at once, and compares again. Ends with 1 when one is missed, invented, repaired twice, or left.
import { runRepairs } from '../../simulation/repairs/run-repairs.ts'

const orders = Number(process.argv[2] ?? 10_000)
const differences = Number(process.argv[3] ?? 200)
const startedAtMs = Date.now()
const run = await runRepairs({ orders, differences, seed: process.argv[4] ?? '1' })
const notOnce = [...run.repairs].filter(([, times]) => times !== 1)
const wrong = [...run.missed, ...run.invented, ...run.left, ...run.doneTwice, ...notOnce.map(String)]
const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(0)
process.stdout.write(
  `${orders} orders, ${run.documents} documents, ${differences} differences: ${run.missed.length} missed, ${run.invented.length} invented, ${run.asked} asked a person, ${notOnce.length} not repaired once, ${run.left.length} left, ${seconds} s\n`,
)
for (const one of wrong.slice(0, 20)) process.stdout.write(`  ${one}\n`)
if (wrong.length > 0) process.exitCode = 1
