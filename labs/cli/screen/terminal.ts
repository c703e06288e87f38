/**
 * The terminal as a screen: its second page, without a cursor, redrawn as a whole.
 *
 * TE1  whatever ends this process, short of kill -9, the terminal is as it was: first page, cursor, line mode
 * TE2  a frame is one write, line by line over the old one: nothing flickers, nothing scrolls
 * TE3  Ctrl-Z stops the program as in any other, and `fg` brings the screen back
 * TE4  a terminal that is gone (closed window, lost connection) is an end like any other
 */
import { emitKeypressEvents } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'

const enterPage = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const leavePage = '\u001b[?7h\u001b[?25h\u001b[?1049l'

export interface Key {
  readonly name?: string | undefined
  readonly ctrl?: boolean | undefined
}

export interface TerminalEvents {
  /** A key was pressed. */
  readonly onKey: (text: string | undefined, key: Key) => void
  /** Another size, or back from Ctrl-Z: draw again. */
  readonly onResize: () => void
  /** The terminal is gone. */
  readonly onGone: () => void
}

export class Terminal {
  readonly #input: ReadStream
  readonly #output: WriteStream
  #isOn = false

  constructor(input: ReadStream = process.stdin, output: WriteStream = process.stdout) {
    this.#input = input
    this.#output = output
  }

  get rows(): number {
    return this.#output.rows || 24
  }

  get columns(): number {
    return this.#output.columns || 80
  }

  start({ onKey, onResize, onGone }: TerminalEvents): void {
    emitKeypressEvents(this.#input)
    this.#input.on('keypress', (text: string | undefined, key: Key) => {
      if (key.ctrl === true && key.name === 'z') this.#suspend(onResize)
      else onKey(text, key)
    })
    this.#input.on('end', onGone).on('close', onGone).on('error', onGone)
    this.#output.on('error', onGone)
    this.#output.on('resize', onResize)
    process.on('exit', () => this.leave())
    this.#enter()
  }

  #enter(): void {
    this.#input.setRawMode?.(true)
    this.#input.resume()
    this.#output.write(enterPage)
    this.#isOn = true
  }

  /** Puts everything back; a second call changes nothing. */
  leave(): void {
    if (!this.#isOn) return
    this.#isOn = false
    try {
      this.#output.write(leavePage)
      this.#input.setRawMode?.(false)
    } catch {
      // The terminal is gone.
    }
    this.#input.pause()
  }

  draw(lines: readonly string[]): void {
    if (!this.#isOn) return
    const body = lines.map((line) => `${line}\u001b[0m\u001b[K`).join('\r\n')
    this.#output.write(`\u001b[H${body}\u001b[J`)
  }

  /** Stops the whole group, npm included, so that the shell has its prompt again. */
  #suspend(redraw: () => void): void {
    if (process.platform === 'win32') return
    this.leave()
    process.once('SIGCONT', () => {
      this.#enter()
      redraw()
    })
    process.kill(0, 'SIGTSTP')
  }
}
