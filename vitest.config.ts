import { defineConfig } from 'vitest/config'

/**
 * One run over every suite: the broker's, the labs', the site's and the repository's own.
 *
 * The project `labs` judges the learner's files: red until they are written. `npm test` leaves it out
 * (`--project=!labs`), and is green on a half-done tree; `grader` judges the solutions and the starters instead.
 *
 * Workspaces are imported as source (package exports, condition `source`), so no test waits for a bundle.
 * Two workers at most: the machines that count have two cores, and a test that meets real sockets or a real
 * browser should not starve because a dozen files run beside it.
 */
const source = {
  resolve: { conditions: ['source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
}

const suites = 'labs/[0-9]*/suite.test.ts'

const project = (name: string, include: string[], testTimeout = 10_000, exclude: string[] = []) => ({
  ...source,
  test: {
    name,
    include,
    exclude: ['**/node_modules/**', ...exclude],
    testTimeout,
    hookTimeout: 60_000,
    environment: 'node' as const,
  },
})

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      project('broker', ['broker/**/*.test.ts']),
      project('labs', [suites], 60_000),
      // A lab's folder holds one test, the learner's: `npx vitest run labs/02…` shows that and nothing else.
      project('grader', ['labs/**/*.test.ts', 'solutions/**/*.test.ts'], 60_000, ['labs/[0-9]*/**']),
      project('docs', ['docs/**/*.test.{ts,mjs}'], 60_000),
      project('repository', ['scripts/**/*.test.ts'], 60_000),
    ],
  },
})
