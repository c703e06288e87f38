/**
 * `npm run lab -- run 01`, and the key `r`: the learner's functions on the broker of `npm start`. Says what happened,
 * how to look at it from outside, and what to start when nothing listens there.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readRunning } from '../../scripts/running-file.mjs'
import { follow } from '../engine/children.ts'
import type { LabText, Lang } from '../engine/lab.ts'
import { hasReal } from '../engine/real.ts'
import { fill } from '../engine/words.ts'
import type { Arguments } from './arguments.ts'
import { safeLines, wrap, wrapVerbatim } from './columns.ts'
import { complain, fileTrouble, labFor, pageFor, print, troubleExitCode, typedPath } from './commands.ts'
import type { Page } from './explain.ts'
import { siteAddress } from './links.ts'
import { learnerPath } from './progress.ts'
import { whatToStart } from './render.ts'
import { troubleTexts } from './trouble-texts.ts'
import { ui } from './ui-texts.ts'

/** What the process that runs the code tells. */
export type RealReport =
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'call'; readonly call: string; readonly value: readonly string[] }
  | { readonly type: 'failed'; readonly message: string; readonly at?: string }
  | { readonly type: 'done'; readonly topics: readonly string[] }

export interface RealRun {
  readonly lab: LabText
  readonly file: string
  readonly bootstrap: string
  readonly page: Page
  readonly signal?: AbortSignal
  readonly print: (line: string) => void
}

/** `--bootstrap`, or the broker of the `npm start` that runs, or where it would be. */
export const runTarget = ({ bootstrap }: Pick<Arguments, 'bootstrap'>): string =>
  bootstrap ?? readRunning()?.bootstrap ?? '127.0.0.1:9092'

export async function runCommand(args: Arguments, lang: Lang): Promise<number> {
  const lab = labFor(args.labs[0], lang)
  if (lab === undefined) return troubleExitCode
  if (!hasReal(lab)) {
    print([fill(ui.runNone, { lab: lab.id })[lang]])
    return 0
  }
  const file = args.file === undefined ? learnerPath(lab) : typedPath(args.file)
  const trouble = fileTrouble(file, args.file ?? relative(process.cwd(), file))
  if (trouble !== undefined) {
    complain(trouble, lang)
    return troubleExitCode
  }
  const bootstrap = runTarget(args)
  const page = pageFor(lang)
  print([page.ink.bold(`${lab.id} ${lab.title[lang]}`), fill(ui.runTitle, { bootstrap })[lang], ''])
  return runReal({ lab, file, bootstrap, page, print: (line) => print([line]) })
}

/** Runs it and prints as it goes. Gives the exit code: 0, 1 when the code failed, 3 when nothing listens. */
export async function runReal(run: RealRun): Promise<number> {
  const { bootstrap, page } = run
  if (!(await answers(bootstrap.split(',')[0] ?? ''))) {
    const says = fill(troubleTexts.nothingListens, { bootstrap })[page.lang]
    for (const line of [...wrap(says, page.width), ...whatToStart(bootstrap, page)]) run.print(line)
    return troubleExitCode
  }
  return followRun(startChild(run), run)
}

function startChild({ lab, file, bootstrap, page, signal }: RealRun): ChildProcess {
  const script = fileURLToPath(new URL('./real-child.ts', import.meta.url))
  const flags = ['--import', import.meta.resolve('tsx')]
  const child = follow(
    spawn(process.execPath, [...flags, script, lab.id, file, bootstrap, page.lang], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1', NODE_NO_WARNINGS: '1' },
    }),
  )
  signal?.addEventListener('abort', () => child.kill('SIGKILL'))
  return child
}

function followRun(child: ChildProcess, run: RealRun): Promise<number> {
  const { lang, ink, width } = run.page
  const tell = (text: string) => {
    for (const line of safeLines(text).flatMap((each) => wrapVerbatim(each, width))) run.print(line)
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (run.signal?.aborted === true) return
      for (const line of safeLines(text.replace(/\n$/, '')))
        run.print(`${ink.dim(ui.outputMark[lang])} ${line}`)
    })
  }
  return new Promise((resolve) => {
    let code: number | undefined
    child.on('message', (message) => {
      const report = message as RealReport
      if (report.type === 'line') tell(report.text)
      if (report.type === 'call') {
        run.print(ink.bold(report.call))
        for (const value of report.value)
          for (const line of wrap(value, width - 4)) run.print(`  ${ink.good('→')} ${line}`)
      }
      if (report.type === 'failed') {
        tell(fill(ui.runFailed, { message: report.message })[lang])
        if (report.at !== undefined) tell(`  ${report.at}`)
        code = 1
      }
      if (report.type === 'done') {
        for (const line of afterwards(report.topics, run)) run.print(line)
        code = 0
      }
    })
    child.on('exit', (status) => {
      if (code === undefined && run.signal?.aborted !== true)
        tell(fill(ui.runFailed, { message: `process.exit(${status ?? ''})` })[lang])
      resolve(code ?? 1)
    })
  })
}

/** How to see it from outside: kcat, and the page that shows the same. */
function afterwards(topics: readonly string[], { bootstrap, page }: RealRun): string[] {
  const { lang, width } = page
  if (topics.length === 0) return []
  const kcat = topics.map((topic) => `  kcat -b ${bootstrap} -t ${topic} -C -e -f '%p:%o  %k  %s\\n'`)
  const address = `${siteAddress(lang)}playground/`
  return ['', ...wrap(ui.runDone[lang], width), ...kcat, ...wrap(fill(ui.runPage, { address })[lang], width)]
}

function answers(address: string): Promise<boolean> {
  const at = address.lastIndexOf(':')
  return new Promise((resolve) => {
    const host = address.slice(0, at).replace(/^\[|\]$/g, '')
    const socket = connect({ host, port: Number(address.slice(at + 1)), timeout: 3_000 })
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false))
  })
}
