/**
 * Watch mode: a verdict at each save, on a screen of its own, and single keys.
 *
 * While the learner thinks, a child process has already loaded the suite and started the broker; a save then
 * costs the import of one file and the checks. The file is looked at every 50 ms: that works on network
 * drives and in WSL too, where notifications get lost.
 *
 * - a save is judged when it is complete: a file that is still changing, or was just emptied, is looked at again
 *
 * LAB-WATCH-1  `q` and Ctrl-C end it at once, at any moment, and everything that it has started
 */
import { statSync } from 'node:fs'
import { rememberLanguage } from '../../scripts/progress-file.mjs'
import { labs, learnerFile } from '../engine/catalog.ts'
import { type WarmChild, warm } from '../engine/grader.ts'
import type { LabText, Lang } from '../engine/lab.ts'
import { hasReal } from '../engine/real.ts'
import type { TestResult, Verdict } from '../engine/verdict.ts'
import { fill } from '../engine/words.ts'
import type { Arguments } from './arguments.ts'
import { judge, listLines, pageFor, resetSays, solutionLines, surroundingsFor } from './commands.ts'
import type { Page } from './explain.ts'
import { nextHint } from './hints.ts'
import { isSiteUp, labAddress, link, takesLinks } from './links.ts'
import { isPassed, learnerPath, nextOpenLab, speakInStarter, takeProgressTrouble } from './progress.ts'
import { explainedTest } from './render.ts'
import { farewell, frame, type KeyName, languages } from './screen/frame.ts'
import { type Key, Terminal } from './screen/terminal.ts'
import { ui } from './ui-texts.ts'

const lookEveryMs = 50
/** An editor that empties a file first has written it again by then. */
const emptyMsMax = 500
/** A check that takes longer shows what is known so far. */
const slowMs = 800

/** The same keys on a Russian keyboard. */
const russianKeys: Readonly<Record<string, string>> = {
  т: 'n',
  к: 'r',
  р: 'h',
  д: 'l',
  с: 'c',
  ч: 'x',
  ы: 's',
  п: 'g',
  й: 'q',
  н: 'y',
}

/** Runs until the learner quits; then the process ends. */
export function watch(first: LabText, args: Arguments, lang: Lang): Promise<never> {
  new Watch(first, args, lang).start()
  return new Promise(() => {})
}

class Watch {
  readonly #terminal = new Terminal()
  readonly #args: Arguments
  #lab: LabText
  #lang: Lang
  #child: WarmChild | undefined
  #verdict: Verdict | undefined
  #results: TestResult[] | undefined
  #phase: 'starting' | 'checking' | 'idle' = 'starting'
  #text: { title: string; lines: string[] } | undefined
  #notice: string | undefined
  /** What `y` would do, when a question is open. */
  #question: (() => void) | undefined
  #scroll = 0
  #scrollMax = 0
  /** The state of the file that was judged last, and the one that was seen last. */
  #judged = ''
  #seen = { state: '', sinceMs: 0 }
  #stopRun: (() => void) | undefined

  constructor(lab: LabText, args: Arguments, lang: Lang) {
    this.#lab = lab
    this.#args = args
    this.#lang = lang
  }

  start(): void {
    const quit = () => this.#quit()
    this.#terminal.start({
      onKey: (text, key) => this.#press(text, key),
      onResize: () => this.#draw(),
      onGone: quit,
    })
    this.#draw()
    setInterval(() => this.#look(), lookEveryMs)
  }

  get #page(): Page {
    return { ...pageFor(this.#lang), width: this.#terminal.columns }
  }

  #open(lab: LabText): void {
    this.#child?.stop()
    this.#child = undefined
    this.#lab = lab
    this.#verdict = undefined
    this.#judged = ''
    this.#phase = 'starting'
    this.#show(undefined)
  }

  /** A save shows in the file's time or size. */
  #look(): void {
    if (this.#phase === 'checking') return
    const state = stateOf(learnerPath(this.#lab))
    const now = performance.now()
    if (state !== this.#seen.state) this.#seen = { state, sinceMs: now }
    else if (state !== this.#judged) {
      const isEmpty = state.endsWith(' 0') || state === 'missing'
      if (isEmpty && this.#judged !== '' && now - this.#seen.sinceMs < emptyMsMax) return
      this.#judged = state
      void this.#check()
    }
  }

  async #check(): Promise<void> {
    const lab = this.#lab
    this.#phase = 'checking'
    this.#results = undefined
    this.#show(undefined)
    const results: TestResult[] = []
    // Until something is known, the last verdict stays.
    const showSome = () => {
      if (results.length === 0) return
      this.#results = results
      this.#draw()
    }
    let isSlow = false
    const slow = setTimeout(() => {
      isSlow = true
      showSome()
    }, slowMs)
    const verdict = await judge(lab, this.#args, this.#child, (result) => {
      // A result may come again: passed, and then an error escaped.
      const before = results.findIndex(({ id }) => id === result.id)
      if (before === -1) results.push(result)
      else results[before] = result
      if (isSlow) showSome()
    })
    clearTimeout(slow)
    this.#child = warm(this.#lab, { ...surroundingsFor(this.#args), isRehearsed: true })
    this.#verdict = verdict
    this.#results = undefined
    this.#phase = 'idle'
    this.#notice = takeProgressTrouble()?.[this.#lang]
    this.#draw()
  }

  #draw(): void {
    const isColoured = process.env.NO_COLOR === undefined
    const page = this.#page
    const address = labAddress(this.#lab, this.#lang)
    const isLink = takesLinks(process.env, true) && isColoured
    const { lines, scrollMax } = frame({
      lab: this.#lab,
      page,
      rows: this.#terminal.rows,
      phase: this.#phase,
      verdict: this.#verdict,
      results: this.#results,
      text: this.#text,
      notice: this.#notice,
      keys: this.#keys(),
      address:
        link(page.ink.dim(address), address, isLink) +
        page.ink.dim(isSiteUp() ? '' : ` (${ui.siteFrom[this.#lang]})`),
      bootstrap: this.#args.bootstrap,
      labsPassed: labs.filter(isPassed).length,
      scroll: this.#scroll,
    })
    this.#scrollMax = scrollMax
    this.#scroll = Math.min(this.#scroll, scrollMax)
    this.#terminal.draw(lines)
  }

  #keys(): readonly KeyName[] {
    if (this.#text !== undefined) return ['esc', 'h', 'l', 's', 'g', 'q']
    const isGreen = this.#verdict?.outcome === 'passed'
    return isGreen ? ['n', 'r', 's', 'h', 'l', 'c', 'x', 'g', 'q'] : ['h', 'l', 'c', 'x', 's', 'g', 'q']
  }

  /** Shows a text instead of the verdict, or the verdict again. */
  #show(text: { title: string; lines: string[] } | undefined): void {
    if (text === undefined) this.#stopRun?.()
    this.#text = text
    this.#notice = undefined
    this.#question = undefined
    this.#scroll = 0
    this.#draw()
  }

  #press(text: string | undefined, key: Key): void {
    const isInterrupt = key.ctrl === true && (key.name === 'c' || key.name === 'd')
    const letter = (text ?? '').toLowerCase()
    const pressed = key.ctrl === true ? '' : (russianKeys[letter] ?? letter)
    if (isInterrupt || pressed === 'q') this.#quit()
    else if (this.#scrollBy(key.name ?? '', pressed)) this.#draw()
    else if (this.#question !== undefined) this.#answer(pressed)
    else if (key.name === 'escape' || key.name === 'return') this.#show(undefined)
    else if (this.#phase !== 'checking') this.#act(pressed)
  }

  #scrollBy(name: string, pressed: string): boolean {
    const pageOf = Math.max(1, this.#terminal.rows - 8)
    const steps: Readonly<Record<string, number>> = {
      up: -1,
      down: 1,
      pageup: -pageOf,
      pagedown: pageOf,
      home: -this.#scrollMax,
      end: this.#scrollMax,
    }
    const step = steps[name] ?? (pressed === ' ' ? pageOf : 0)
    if (step === 0) return false
    this.#scroll = Math.max(0, Math.min(this.#scrollMax, this.#scroll + step))
    return true
  }

  #answer(pressed: string): void {
    const yes = this.#question
    this.#question = undefined
    this.#notice = undefined
    if (pressed === 'y') yes?.()
    else this.#say(ui.resetNo[this.#lang])
  }

  #act(pressed: string): void {
    const lang = this.#lang
    const lab = this.#lab
    if (pressed === 'n') this.#next()
    else if (pressed === 'h') this.#hint()
    else if (pressed === 'l') this.#show({ title: ui.listTitle[lang], lines: listLines(this.#page) })
    else if (pressed === 'c') void this.#checkAll()
    else if (pressed === 'r' && hasReal(lab)) void this.#run()
    else if (pressed === 'x')
      this.#ask(fill(ui.resetAsk, { file: learnerFile(lab) })[lang], () =>
        this.#say(resetSays(lab, lang).says[lang]),
      )
    else if (pressed === 's') {
      const solution = () => this.#show({ title: ui.solutionTitle[lang], lines: solutionLines(lab) })
      if (isPassed(lab)) solution()
      else this.#ask(ui.solutionAsk[lang], solution)
    } else if (pressed === 'g') this.#switchLanguage()
  }

  #hint(): void {
    const failed = this.#verdict?.outcome === 'failed' ? explainedTest(this.#verdict)?.id : undefined
    const { title, lines, level } = nextHint(this.#lab, failed, this.#page)
    this.#show({ title, lines: level < 3 ? [...lines, '', ui.hintMore[this.#lang]] : lines })
  }

  #next(): void {
    const lab = nextOpenLab(this.#lab)
    if (this.#verdict?.outcome !== 'passed' && !isPassed(this.#lab)) this.#say(ui.notGreen[this.#lang])
    else if (lab === undefined) this.#say(ui.allDone[this.#lang])
    else this.#open(lab)
  }

  async #checkAll(): Promise<void> {
    const lang = this.#lang
    const lines: string[] = []
    this.#phase = 'checking'
    this.#show({ title: ui.checkAllTitle[lang], lines })
    for (const lab of labs) {
      const { outcome } = await judge(lab, { ...this.#args })
      const mark = outcome === 'passed' ? '✓' : outcome === 'failed' ? '✗' : '?'
      lines.push(`${mark} ${lab.id} ${lab.title[lang]}: ${ui[outcome][lang]}`)
      this.#draw()
    }
    this.#phase = 'idle'
    this.#draw()
  }

  async #run(): Promise<void> {
    const { runReal, runTarget } = await import('./run-real.ts')
    const bootstrap = runTarget(this.#args)
    const lines: string[] = []
    const stop = new AbortController()
    this.#show({ title: fill(ui.runTitle, { bootstrap })[this.#lang], lines })
    this.#stopRun = () => stop.abort()
    await runReal({
      lab: this.#lab,
      file: learnerPath(this.#lab),
      bootstrap,
      page: { ...this.#page, width: Math.min(this.#page.width, 100) },
      signal: stop.signal,
      print: (line) => {
        lines.push(line)
        this.#draw()
      },
    })
  }

  #switchLanguage(): void {
    this.#lang = languages[this.#lang]
    rememberLanguage(this.#lang)
    for (const lab of labs) speakInStarter(lab, this.#lang)
    this.#show(undefined)
  }

  #ask(text: string, yes: () => void): void {
    this.#notice = text
    this.#question = yes
    this.#draw()
  }

  #say(text: string): void {
    this.#notice = text
    this.#draw()
  }

  #quit(): never {
    this.#terminal.leave()
    try {
      process.stdout.write(`${farewell(this.#lab, this.#verdict, pageFor(this.#lang))}\n`)
    } catch {
      // The terminal is gone.
    }
    process.exit(0)
  }
}

function stateOf(file: string): string {
  try {
    const { mtimeMs, size } = statSync(file)
    return `${mtimeMs} ${size}`
  } catch {
    return 'missing'
  }
}
