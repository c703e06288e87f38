/**
 * The process that runs a learner's code: node child.ts <lab id> <surroundings as JSON>.
 *
 * It is started before it is needed: it loads the suite, opens the bench (a broker in this process) and
 * waits. When a file is saved, what is left to do is importing that one file and running the tests. It
 * judges one file and ends, so that nothing of one version is left over for the next.
 */

import { pathToFileURL } from 'node:url'
import { findLab, loadSuite } from './catalog.ts'
import type { Surroundings } from './lab.ts'
import { beatMs, type ChildReport, type RunOrder } from './protocol.ts'
import { runSuite } from './run-suite.ts'
import { LoadTrouble, loadSubject } from './subject.ts'
import { EnvironmentTrouble } from './trial.ts'
import type { Trouble } from './verdict.ts'
import { fill, words } from './words.ts'

const send = process.send?.bind(process)
const report = (message: ChildReport) => send?.(message)
const endProcess = process.exit.bind(process)

async function main(): Promise<void> {
  const [labName = '', given = '{}'] = process.argv.slice(2)
  const lab = findLab(labName)
  if (lab === undefined) throw new Error(`child: no lab ${labName}`)
  const surroundings = JSON.parse(given) as Surroundings
  setInterval(() => report({ type: 'beat' }), beatMs).unref()
  process.on('disconnect', () => endProcess(0))
  try {
    const suite = await loadSuite(lab)
    const bench = await suite.open(surroundings)
    const order = nextOrder()
    report({ type: 'ready' })
    const { file, seed, only } = await order
    const subject = await loadSubject(file, lab)
    report({ type: 'loaded' })
    await runSuite(suite, subject, bench, {
      seed,
      only,
      patienceMs: surroundings.patienceMs,
      subjectUrl: pathToFileURL(file).href,
      onBegin: (test) => report({ type: 'begin', test }),
      onResult: (result) => report({ type: 'result', result }),
    })
    await Promise.race([
      suite.close(bench).catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, 500)),
    ])
    last({ type: 'done' })
  } catch (error) {
    last({ type: 'trouble', trouble: troubleOf(error) })
  }
}

function nextOrder(): Promise<RunOrder> {
  return new Promise((resolve) => process.once('message', (message) => resolve(message as RunOrder)))
}

/** The last word: the process ends as soon as the parent has it. */
function last(message: ChildReport): void {
  if (send === undefined) endProcess(0)
  else send(message, undefined, undefined, () => endProcess(0))
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof LoadTrouble) return error.trouble
  if (error instanceof EnvironmentTrouble) return { kind: 'environment', says: error.reason }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { kind: 'environment', says: fill(words.machinery, { message }) }
}

await main()
