import { defineConfig } from 'vitest/config'
import { CheckReporter } from './check-reporter.ts'
import { readRun } from './run.ts'

const run = readRun(process.env)
const isAccount = run.target.place === 'account'

/** The drills of the launcher against what `npm run verify:account` has prepared; most of the time is waiting. */
export default defineConfig({
  test: {
    root: run.root,
    include: ['test/cloud/launcher/*.test.ts'],
    // What these two are about exists on a laptop only.
    exclude: ['test/cloud/launcher/launcher.test.ts', 'test/cloud/launcher/verify-account.test.ts'],
    provide: { drillTarget: run.target },
    includeTaskLocation: true,
    // A new account has ten concurrent invocations.
    maxWorkers: isAccount ? 4 : 2,
    maxConcurrency: isAccount ? 3 : 2,
    sequence: { concurrent: true },
    testTimeout: isAccount ? 780_000 : 180_000,
    hookTimeout: 60_000,
    reporters: [new CheckReporter(run.resultsFile)],
  },
})
