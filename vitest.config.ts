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

/** How fast a busy machine is says nothing of the hub: this only ends what hangs. */
const patient = { testTimeout: 1_200_000, hookTimeout: 1_200_000 }

/** How the hub is tried: one file after the other, on a local cloud of their own. */
const onHub = {
  globalSetup: ['test/cloud/hub/start-hub.ts'],
  fileParallelism: false,
  ...patient,
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
          ...patient,
          include: pure,
          env: quiet,
          isolate: false,
        },
      },
      {
        test: {
          name: 'fast',
          ...patient,
          include: ['test/{unit,topology,simulation/kit}/**/*.test.ts'],
          exclude: pure,
          env: quiet,
        },
      },
      {
        test: {
          name: 'simulation',
          ...patient,
          include: ['test/simulation/*.test.ts'],
        },
      },
      {
        test: {
          name: 'contract',
          ...patient,
          include: ['test/contract/**/*.test.ts'],
          // All files make their databases of one on PostgreSQL, which is made once.
          maxWorkers: process.env.POSTONCE_ERP_DATABASE_URL === undefined ? 2 : 1,
        },
      },
      {
        test: {
          name: 'cloud',
          ...patient,
          include: ['test/cloud/launcher/**/*.test.ts'],
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'alarms',
          ...patient,
          include: ['test/cloud/alarms/**/*.test.ts'],
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
