import { defineConfig } from 'vitest/config'

/** "fast" needs no server; "cloud" starts the local cloud and the ERP, one file at a time, since both are heavy. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,steps,simulation,topology}/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'cloud',
          include: ['test/{contract,cloud}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
