import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inRepository, labs, solutionsFolder } from './catalog.ts'
import { Session } from './grader.ts'

// Programs that do no work and attack what judges them, against every lab: none may pass a single check. Each is put
// before the lab's starter, which is not written.
const cheats: Readonly<Record<string, string>> = {
  'forged reports over the process’s channel': `
    const done = { type: 'done', results: [], output: '', outputCut: 0 }
    for (let n = 0; n < 5; n++) process.send?.(done)
    process.emit?.('message', { type: 'result', status: 'passed' })`,
  'forged reports on every file descriptor': `
    import { writeSync } from 'node:fs'
    for (let fd = 1; fd < 12; fd++) try {
      for (const nonce of [undefined, '', '0', 'nonce'])
        writeSync(fd, JSON.stringify({ nonce, type: 'done', results: [], output: '', outputCut: 0 }) + '\\n')
    } catch {}`,
  'forged answers to the judge': `
    import { parentPort, workerData } from 'node:worker_threads'
    for (let seq = 0; seq < 500; seq++) parentPort?.postMessage({ seq, answer: { ok: 1 } })
    workerData?.port?.postMessage({ seq: 1, answer: { ok: 1 } })`,
  'a patched Trial and membrane': `
    for (const file of ['trial.ts', 'subject/membrane.ts', 'judge/run-suite.ts'])
      try {
        const module = await import(new URL('../../labs/engine/' + file, import.meta.url).href)
        for (const value of Object.values(module)) if (value?.prototype) value.prototype.check = () => {}
      } catch {}
    Array.prototype.every = () => true
    Error.prototype.message = ''`,
  'Symbol.hasInstance and broken intrinsics': `
    Object.defineProperty(RangeError, Symbol.hasInstance, { value: () => true })
    Object.is = () => true
    Array.prototype.join = () => ''
    Array.prototype.filter = () => []
    String.prototype.includes = () => true
    JSON.stringify = () => '{}'
    Map.prototype.get = () => undefined
    Uint8Array.prototype.set = () => {}`,
  'listeners that swallow everything': `
    process.removeAllListeners('uncaughtException')
    process.removeAllListeners('unhandledRejection')
    process.on('uncaughtException', () => {})
    process.on('exit', () => { process.exitCode = 0 })`,
}

const folder = mkdtempSync(join(inRepository('labs'), '.cheats-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a program that attacks the engine', { timeout: 180_000 }, () => {
  for (const lab of labs) {
    it(`GRADER-3, REPORTS-1, WORKER-1, VALUES-1: passes no check of lab ${lab.id}`, async () => {
      const session = new Session(lab, { patienceMs: 8_000 })
      const starter = readFileSync(inRepository(`${solutionsFolder(lab)}/starter.ts`), 'utf8')
      for (const [name, cheat] of Object.entries(cheats)) {
        const file = join(folder, `${lab.id}-${name.replace(/\W+/g, '-')}.ts`)
        writeFileSync(file, `${cheat.replace(/^ {4}/gm, '')}\n${starter}`)
        const verdict = await session.check(file, 99)
        const passed = verdict.tests.filter(({ status }) => status === 'passed').map(({ id }) => id)
        expect({ name, passed, outcome: verdict.outcome }).toEqual({ name, passed: [], outcome: 'failed' })
      }
      session.stop()
    })
  }

  it('ending the thread while it is loaded is no pass either', async () => {
    const lab = labs[0]
    if (lab === undefined) throw new Error('no lab')
    const session = new Session(lab, { patienceMs: 8_000 })
    for (const cheat of [
      'process.exit(0)',
      'process.reallyExit?.(0)',
      'process.kill(process.pid, "SIGKILL")',
    ]) {
      const file = join(folder, `exit-${cheat.replace(/\W+/g, '-')}.ts`)
      writeFileSync(file, `${cheat}\nexport const a = 1\n`)
      const { outcome, tests, trouble } = await session.check(file, 99)
      expect(trouble?.kind).not.toBe('environment')
      expect({
        cheat,
        isPassed: outcome === 'passed' || tests.some(({ status }) => status === 'passed'),
      }).toEqual({
        cheat,
        isPassed: false,
      })
    }
    session.stop()
  })
})
