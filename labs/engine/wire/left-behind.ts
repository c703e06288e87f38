/**
 * What a run makes on a cluster that is not ours is written down before it is made: a run that is killed cannot clean up,
 * so the next one on the same cluster does. Nothing is guessed by its name: what is removed is what was written down.
 *
 *   node_modules/.cache/offset-zero-left/<run>.txt     host:port, process id, then a name a line
 *
 * LEFT-BEHIND-1  names of a run that still lives are left alone
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('../../../node_modules/.cache/offset-zero-left/', import.meta.url))

/** The names of one run, on disk. */
export class LeftBehind {
  readonly #file: string

  constructor(run: string, bootstrap: string, folder = home) {
    mkdirSync(folder, { recursive: true })
    this.#file = join(folder, `${run}.txt`)
    writeFileSync(this.#file, `${bootstrap}\n${process.pid}\n`)
  }

  note(name: string): void {
    appendFileSync(this.#file, `${name}\n`)
  }

  /** All of it has been removed. */
  forget(): void {
    rmSync(this.#file, { force: true })
  }
}

export interface Leftover {
  readonly names: readonly string[]
  /** To be called when they have been removed. */
  forget(): void
}

/** What runs that were killed have left on this cluster. */
export function leftoversOn(bootstrap: string, folder = home): Leftover[] {
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const [where, pid, ...names] = read(path).split('\n')
    if (where !== bootstrap || isAlive(Number(pid))) return []
    return { names: names.filter((one) => one !== ''), forget: () => rmSync(path, { force: true }) }
  })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process of that number: alive, and not ours to ask.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
