/**
 * Loads a file into a worker. What keeps it from loading is said with its place and the lines around it: a
 * syntax error, an error thrown at the top level, a loop, a file that is not there.
 *
 * - a file that is being saved is waited for: empty or half written, it is read again until it holds still
 */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { LabText } from '../lab.ts'
import { type BuildTrouble, bundled } from '../subject/bundle.ts'
import { busyMsMax, SubjectGone, type SubjectWorker } from '../subject/subject-worker.ts'
import type { ErrorReport } from '../subject/values.ts'
import type { Trouble } from '../verdict.ts'
import { fill, words } from '../words.ts'
import { framesIn, messageOf, placeOf } from './failures.ts'

const settleMs = 30
const settleTriesMax = 20

/** The source once two looks at it agree and it is not empty; undefined when there is no file. */
export async function settledSource(file: string): Promise<string | undefined> {
  const look = async () => {
    const [source, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    return { source, isFresh: Date.now() - mtimeMs < 250 }
  }
  let before = await look().catch(() => undefined)
  for (let tries = 0; tries < settleTriesMax; tries++) {
    // An editor may write in two steps: truncate, then fill. A file that was written long ago holds still.
    if (before !== undefined && !before.isFresh) return before.source
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const now = await look().catch(() => undefined)
    if (now !== undefined && now.source === before?.source && now.source.trim() !== '') return now.source
    if (now === undefined && before === undefined && tries > 3) return undefined
    before = now
  }
  return before?.source
}

/** Loads the file into a slot of the worker. Gives what is wrong with it, if it did not load. */
export async function loadInto(
  worker: SubjectWorker,
  slot: number,
  file: string,
  lab: LabText,
): Promise<Trouble | undefined> {
  const source = await settledSource(file)
  if (source === undefined)
    return { kind: 'missing-file', says: fill(words.missingFile, { file: lab.file, lab: lab.id }) }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), busyMsMax * 2)
  })
  try {
    const made = await bundled(file)
    if ('trouble' in made) return unreadable(made.trouble, file, source)
    const loaded = await Promise.race([worker.ask({ op: 'load', slot, url: made.url }), late])
    if (loaded === 'late')
      return { kind: 'endless-loop', says: fill(words.loadLoop, { seconds: (busyMsMax * 2) / 1000 }) }
    return 'threw' in loaded ? troubleOf(loaded.threw, file, source) : undefined
  } catch (error) {
    if (!(error instanceof SubjectGone)) throw error
    const { kind, message } = await worker.reason()
    if (kind === 'endless-loop') return { kind, says: fill(words.loadLoop, { seconds: busyMsMax / 1000 }) }
    if (kind === 'exit') return { kind, says: words.exitWhileLoading }
    return { kind, says: fill(words.crashWhileLoading, { message }) }
  } finally {
    clearTimeout(timer)
  }
}

function troubleOf(error: ErrorReport, file: string, source: string): Trouble {
  const where = placeOf(framesIn(error.stack, file), file)
  const message =
    messageOf(error)
      .split('\n')
      .find((line) => line.trim() !== '') ?? ''
  return {
    kind: 'load',
    says: fill(words.load, { message: message.trim() }),
    ...(where === undefined ? {} : { where, excerpt: excerptOf(source, where) }),
  }
}

/** What esbuild cannot read: a syntax error, an import of what is not there. Of another file, its name stands before it. */
function unreadable({ place, message }: BuildTrouble, file: string, source: string): Trouble {
  const isMissing = message.startsWith('Could not resolve')
  const says = fill(isMissing ? words.load : words.syntax, {
    message:
      place === undefined || place.file === file
        ? message
        : `${basename(place.file)}:${place.line}: ${message}`,
  })
  const kind = isMissing ? 'load' : 'syntax'
  if (place?.file !== file) return { kind, says }
  const where = `${basename(file)}:${place.line}:${place.column}`
  return { kind, says, where, excerpt: excerptOf(source, where) }
}

function excerptOf(source: string, place: string): string {
  const [, line = '1', column = '1'] = place.split(':')
  const at = Number(line)
  const lines = source.split('\n')
  const width = String(at + 1).length
  const shown: string[] = []
  for (let n = Math.max(1, at - 2); n <= Math.min(lines.length, at + 1); n++) {
    shown.push(`${String(n).padStart(width)} | ${lines[n - 1]}`)
    if (n === at) shown.push(`${' '.repeat(width)} | ${' '.repeat(Math.max(0, Number(column) - 1))}^`)
  }
  return shown.join('\n')
}
