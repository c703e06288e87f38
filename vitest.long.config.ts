import { defineConfig } from 'vitest/config'

/** What takes longer than `npm test` may: kill -9 by the hundred, millions of frames, Kafka Streams. */
export default defineConfig({
  resolve: { conditions: ['source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    include: ['broker/test/long/**/*.long.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
    environment: 'node',
  },
})
