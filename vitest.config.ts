import { defineConfig } from 'vitest/config'

/**
 * "fast" needs no server and is over in a minute. "simulation" needs none either: a thousand schedules of the whole hub.
 * "cloud" starts the local cloud and the ERP by itself, one file at a time, since both are heavy. "hub" deploys the whole
 * product once and runs against it. "alarms" waits for minutes, so `npm test` runs it beside the others.
 */
/** What the functions log and count would bury what the tests say. */
const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,topology,simulation/kit}/**/*.test.ts'],
          env: quiet,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/*.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'cloud',
          include: ['test/contract/**/*.test.ts', 'test/cloud/launcher/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'alarms',
          include: ['test/cloud/alarms/**/*.test.ts'],
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'hub',
          include: ['test/cloud/hub/**/*.test.ts'],
          globalSetup: ['test/cloud/hub/start-hub.ts'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
