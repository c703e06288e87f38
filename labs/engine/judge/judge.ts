/**
 * The judge: the process that holds the suite, the broker and the clocks, and judges one file. It never loads
 * a line of the learner's: that happens in a thread of its own (subject/).
 *
 * It is started before it is needed; when a file is saved, what is left to do is importing that one file into
 * a thread that is ready, and running the tests. For a learner it judges one file and ends; `npm run labs:check`
 * keeps it for many, each of which gets new threads.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { findLab, loadSuite } from '../catalog.ts'
import { Handed } from '../subject/handed.ts'
import { EnvironmentTrouble } from '../trial.ts'
import type { Trouble } from '../verdict.ts'
import { fill, words } from '../words.ts'
import { beliefBehind } from './beliefs.ts'
import { mostSpecific } from './most-specific.ts'
import { type Opening, type Report, type RunOrder, reportsFd } from './reports.ts'
import { runSuite } from './run-suite.ts'
import { WorkerPool } from './worker-pool.ts'

/** So many threads are made ready beforehand; each takes some 40 MB. */
const instancesMax = 8

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? 'null') as unknown
  const opening = (await next()) as Opening | null
  // Started by hand, without a grader: there is no process to report to.
  if (opening === null) return
  const { nonce, surroundings } = opening
  const report = (message: Report) => writeSync(reportsFd, `${JSON.stringify({ nonce, ...message })}\n`)
  try {
    const lab = findLab(opening.lab)
    if (lab === undefined) throw new Error(`judge: no lab ${opening.lab}`)
    const suite = await loadSuite(lab)
    const pool = new WorkerPool({ isClientNeeded: suite.calls.isClientNeeded })
    const [bench] = await Promise.all([suite.open(surroundings), pool.warm(2)])
    report({ type: 'ready' })
    // There is time before a file comes: threads that its checks will start are started now.
    if (surroundings.isRehearsed === true)
      void pool.warm(2 + Math.min(suite.calls.instances, instancesMax)).catch(() => {})
    for (
      let order = (await next()) as RunOrder | null;
      order !== null;
      order = (await next()) as RunOrder | null
    ) {
      await judgeOne(order)
      if (!order.keep) break
      // A second thread is needed at once where checks run twice; elsewhere only when the first has died.
      await pool.renew(suite.calls.wants === 'value' ? 2 : 1)
    }

    async function judgeOne(order: RunOrder): Promise<void> {
      const { file, seed, only, keep, untilFailure, beliefs, callMs } = order
      const handed = order.census === true ? new Handed() : undefined
      const options = { file, seed, patienceMs: surroundings.patienceMs, pool }
      const run = await runSuite(suite, bench, {
        ...options,
        only,
        handed,
        untilFailure,
        callMs,
        onLoaded: () => report({ type: 'loaded' }),
        onBegin: (test) => report({ type: 'begin', test }),
        onResult: (result) => report({ type: 'result', result }),
      })
      const { output, outputCut, trouble } = run
      const explained = trouble === undefined ? mostSpecific(run.results, suite.lab) : undefined
      const belief =
        explained === undefined || beliefs !== true
          ? undefined
          : await beliefBehind(suite, bench, run, explained, options).catch(() => undefined)
      // On a cluster that is not ours, topics are removed before the verdict is out: then this process may be ended.
      if (!keep && surroundings.bootstrap !== undefined)
        await Promise.race([
          suite.close(bench).catch(() => {}),
          new Promise((resolve) => setTimeout(resolve, 10_000)),
        ])
      if (trouble !== undefined) return void report({ type: 'trouble', trouble, output, outputCut })
      const results = run.results.map((result) =>
        result.id === explained && belief !== undefined ? { ...result, belief } : result,
      )
      const more = {
        ...(explained === undefined ? {} : { explained }),
        ...(handed === undefined ? {} : { handed: handed.report() }),
      }
      report({ type: 'done', results, ...more, output, outputCut })
    }
  } catch (error) {
    report({ type: 'trouble', trouble: troubleOf(error), output: '', outputCut: 0 })
  }
  process.exit(0)
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof EnvironmentTrouble) return { kind: 'environment', says: error.reason }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { kind: 'environment', says: fill(words.machinery, { message }) }
}

await main()
