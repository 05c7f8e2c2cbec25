import { defineConfig } from 'vitest/config'

/** What the functions log and count would bury what the tests say. */
const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' }

/** What these are told of the environment is the same for all, and none leaves anything changed: they share their modules. */
const pure = ['test/unit/{domain,ubl,connectors,cli,lib,stories}/**/*.test.ts']

/** Each of the projects that these name has a hub of its own; all others share one. */
const ofHub = {
  purchases: ['heard', 'inbox', 'procure-to-pay', 'purchase-decisions', 'source-files', 'watching'].map(hubFile),
  lives: ['large-events', 'life-stories'].map(hubFile),
}

function hubFile(name: string): string {
  return `test/cloud/hub/${name}.test.ts`
}

/** How the hub is tried: one file after the other, on a local cloud of their own. */
const onHub = {
  globalSetup: ['test/cloud/hub/start-hub.ts'],
  fileParallelism: false,
  testTimeout: 240_000,
  hookTimeout: 300_000,
}

/**
 * "pure" and "fast" need no server and are over in a minute. "simulation" needs none either: a thousand schedules of the whole
 * hub. All others start what they need by themselves, few files at a time, since it is heavy: "contract" the ERP, "cloud" the
 * local cloud; "hub", "purchases" and "lives" deploy the whole product, once each, and wait most of the time, for one thing after
 * the other; "alarms" waits for minutes until something is told. `npm test` runs them beside each other (bin/run.mjs).
 */
export default defineConfig({
  test: {
    // Vitest leaves one processor to others, which of two is half.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'pure',
          include: pure,
          env: quiet,
          isolate: false,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'fast',
          include: ['test/{unit,topology,simulation/kit}/**/*.test.ts'],
          exclude: pure,
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
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          // All files make their databases of one on PostgreSQL, which is made once.
          maxWorkers: process.env.POSTONCE_ERP_DATABASE_URL === undefined ? 2 : 1,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'cloud',
          include: ['test/cloud/launcher/**/*.test.ts'],
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
          include: [hubFile('*')],
          exclude: [...ofHub.purchases, ...ofHub.lives],
          ...onHub,
        },
      },
      {
        test: {
          name: 'purchases',
          include: ofHub.purchases,
          ...onHub,
        },
      },
      {
        test: {
          name: 'lives',
          include: ofHub.lives,
          ...onHub,
        },
      },
    ],
  },
})
