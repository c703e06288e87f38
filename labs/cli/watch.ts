/**
 * Watch mode: a verdict at each save, and a prompt of single keys.
 *
 * While the learner thinks, a child process has already loaded the suite and started the broker; a save then
 * costs the import of one file and the tests. The file is looked at every 100 ms: that works on network
 * drives and in WSL too, where notifications get lost.
 */
import { statSync } from 'node:fs'
import { emitKeypressEvents } from 'node:readline'
import { labs, learnerFile } from '../engine/catalog.ts'
import { type WarmChild, warm } from '../engine/grader.ts'
import type { LabText, Lang } from '../engine/lab.ts'
import { fill } from '../engine/words.ts'
import type { Arguments } from './arguments.ts'
import {
  hintLines,
  judge,
  listLines,
  pageFor,
  print,
  resetLines,
  solutionLines,
  surroundingsFor,
} from './commands.ts'
import { changeProgress, isPassed, learnerPath, nextOpenLab } from './progress.ts'
import { renderFirstFailure, renderVerdict } from './render.ts'
import { ui } from './ui-texts.ts'

const lookEveryMs = 100

/** The same keys on a Russian keyboard. */
const russianKeys: Readonly<Record<string, string>> = {
  т: 'n',
  р: 'h',
  д: 'l',
  с: 'c',
  ч: 'x',
  ы: 's',
  п: 'g',
  й: 'q',
  н: 'y',
}

export function watch(first: LabText, args: Arguments, firstLang: Lang): Promise<number> {
  return new Promise((resolve) => new Watch(first, args, firstLang, resolve).start())
}

class Watch {
  private lab: LabText
  private lang: Lang
  private readonly args: Arguments
  private readonly finish: (code: number) => void
  private child: WarmChild | undefined
  private seen = ''
  private isBusy = false
  private isGreen = false
  /** What `y` would do, when a question is open. */
  private question: (() => void) | undefined
  private timer: NodeJS.Timeout | undefined

  constructor(lab: LabText, args: Arguments, lang: Lang, finish: (code: number) => void) {
    this.lab = lab
    this.args = args
    this.lang = lang
    this.finish = finish
  }

  start(): void {
    emitKeypressEvents(process.stdin)
    process.stdin.setRawMode?.(true)
    process.stdin.on('keypress', (text: string | undefined, key: { name?: string; ctrl?: boolean }) =>
      this.press(text, key),
    )
    process.stdin.resume()
    this.open(this.lab)
    this.timer = setInterval(() => this.look(), lookEveryMs)
  }

  private open(lab: LabText): void {
    this.child?.stop()
    this.lab = lab
    this.child = undefined
    this.seen = ''
  }

  /** A save shows in the file's time or size; a file that is being replaced is looked at again. */
  private look(): void {
    if (this.isBusy) return
    let now: string
    try {
      const { mtimeMs, size } = statSync(learnerPath(this.lab))
      now = `${mtimeMs} ${size}`
    } catch {
      now = 'missing'
    }
    if (now === this.seen) return
    this.seen = now
    void this.check()
  }

  private async check(): Promise<void> {
    this.isBusy = true
    this.question = undefined
    const { lab } = this
    print(['', pageFor(this.lang).ink.dim(`${learnerFile(lab)}: ${ui.checking[this.lang]}`)])
    // A test on the wire may wait for seconds for what never comes: the first failure is told at once.
    let isTold = false
    const verdict = await judge(lab, this.args, this.child, (result) => {
      if (result.status === 'failed' && !isTold) print(renderFirstFailure(result, lab, pageFor(this.lang)))
      isTold ||= result.status === 'failed'
    })
    this.isGreen = verdict.outcome === 'passed'
    const page = pageFor(this.lang)
    if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[3J\u001b[H')
    print(renderVerdict(verdict, lab, page, this.args.bootstrap))
    this.prompt()
    this.child = warm(lab, { ...surroundingsFor(this.args), isRehearsed: true })
    this.isBusy = false
  }

  private prompt(): void {
    const { ink } = pageFor(this.lang)
    const done = labs.filter(isPassed).length
    const bar = `[${'#'.repeat(done)}${'·'.repeat(labs.length - done)}] ${done}/${labs.length}`
    const wait = fill(ui.waiting, { file: learnerFile(this.lab) })[this.lang]
    const page = fill(ui.page, { page: `${this.lab.id}-${this.lab.slug}` })[this.lang]
    print(['', ink.dim(`${bar}  ${wait}`), ink.dim(page), (this.isGreen ? ui.keysGreen : ui.keys)[this.lang]])
  }

  private press(text: string | undefined, key: { name?: string; ctrl?: boolean }): void {
    const isInterrupt = key.ctrl === true && (key.name === 'c' || key.name === 'd')
    const letter = (text ?? key.name ?? '').toLowerCase()
    const pressed = russianKeys[letter] ?? letter
    if (isInterrupt || pressed === 'q') this.quit()
    else if (!this.isBusy) this.answer(pressed)
  }

  private answer(pressed: string): void {
    if (this.question !== undefined) {
      const yes = this.question
      this.question = undefined
      if (pressed === 'y') yes()
      else this.say([ui.resetNo[this.lang]])
      return
    }
    this.act(pressed)
  }

  private act(pressed: string): void {
    const page = pageFor(this.lang)
    if (pressed === 'n') this.next()
    else if (pressed === 'h') this.say(hintLines(this.lab, page))
    else if (pressed === 'l') this.say(listLines(page))
    else if (pressed === 'c') void this.checkAll()
    else if (pressed === 'x')
      this.ask(fill(ui.resetAsk, { file: learnerFile(this.lab) })[this.lang], () =>
        this.say(resetLines(this.lab, this.lang)),
      )
    else if (pressed === 's') {
      if (isPassed(this.lab)) this.say(solutionLines(this.lab))
      else this.ask(ui.solutionAsk[this.lang], () => this.say(solutionLines(this.lab)))
    } else if (pressed === 'g') this.switchLanguage()
  }

  private next(): void {
    const lab = nextOpenLab(this.lab)
    if (!this.isGreen && !isPassed(this.lab)) this.say([ui.notGreen[this.lang]])
    else if (lab === undefined) this.say([ui.allDone[this.lang]])
    else this.open(lab)
  }

  private async checkAll(): Promise<void> {
    this.isBusy = true
    for (const lab of labs) {
      const verdict = await judge(lab, this.args)
      const mark = verdict.outcome === 'passed' ? '✓' : '✗'
      print([`${mark} ${lab.id} ${lab.title[this.lang]}: ${ui[verdict.outcome][this.lang]}`])
    }
    this.isBusy = false
    this.prompt()
  }

  private switchLanguage(): void {
    this.lang = this.lang === 'ru' ? 'en' : 'ru'
    const { lang } = this
    changeProgress((progress) => {
      progress.lang = lang
    })
    this.seen = ''
    print([ui.languageIs[lang]])
  }

  private ask(text: string, yes: () => void): void {
    print([text])
    this.question = yes
  }

  private say(lines: readonly string[]): void {
    print(['', ...lines])
    this.prompt()
  }

  private quit(): void {
    clearInterval(this.timer)
    this.child?.stop()
    process.stdin.setRawMode?.(false)
    process.stdin.pause()
    this.finish(0)
    // A check that is under way would go on, and start the next child: it ends with this process.
    process.exit(0)
  }
}
