import { defineConfig } from 'vitest/config'

/**
 * One run over every suite: the broker's, the labs', the site's and the repository's own.
 *
 * Workspaces are imported as source (package exports, condition `source`), so no test waits for a bundle.
 * Two workers at most: the machines that count have two cores, and a test that meets real sockets or a real
 * browser should not starve because a dozen files run beside it.
 */
const source = {
  resolve: { conditions: ['source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
}

const project = (name: string, include: string[], testTimeout = 10_000) => ({
  ...source,
  test: { name, include, testTimeout, hookTimeout: 60_000, environment: 'node' as const },
})

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      project('broker', ['broker/**/*.test.ts']),
      project('labs', ['labs/**/*.test.ts', 'solutions/**/*.test.ts'], 60_000),
      project('docs', ['docs/**/*.test.{ts,mjs}'], 60_000),
      project('repository', ['scripts/**/*.test.ts'], 60_000),
    ],
  },
})
