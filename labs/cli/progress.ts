/**
 * What a learner has done, and the files that belong to the learner: labs/.progress.json (scripts/progress-file.mjs),
 * the file of each lab, its backups.
 *
 * PR1  a file of the learner's is replaced after its backup exists, and by a rename: a full disk loses nothing
 * PR2  progress that cannot be saved does not change a verdict; it is said once (`takeProgressTrouble`)
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  changeProgressFile,
  labHome,
  type Progress,
  progressFile,
  readProgressFile,
} from '../../scripts/progress-file.mjs'
import { languageOf as languageOfTerminal } from '../../scripts/words.mjs'
import { inRepository, labFolder, labs, starterFile } from '../engine/catalog.ts'
import type { LabText, Lang, Text } from '../engine/lab.ts'
import { fill } from '../engine/words.ts'
import { reasonOf, troubleTexts } from './trouble-texts.ts'

type LabProgress = NonNullable<Progress['labs'][string]>

/** The learner's file, absolute. */
export const learnerPath = (lab: LabText) => join(labHome(), labFolder(lab).replace('labs/', ''), lab.file)

export const readProgress = (): Progress => readProgressFile().progress

let trouble: Text | undefined
let isTold = false

/** What went wrong with the progress file, to be said once. */
export function takeProgressTrouble(): Text | undefined {
  if (isTold || trouble === undefined) return undefined
  isTold = true
  return trouble
}

export function changeProgress(change: (progress: Progress) => void): void {
  try {
    const { keptAs } = changeProgressFile(change)
    if (keptAs !== undefined) trouble = fill(troubleTexts.progressWasBroken, { keptAs: shown(keptAs) })
  } catch (error) {
    const facts = { file: shown(progressFile()), reason: reasonOf(error) }
    trouble = fill(troubleTexts.progressNotSaved, facts)
  }
}

const shown = (file: string) => relative(process.cwd(), file)

export function ofLab(progress: Progress, lab: LabText): LabProgress {
  progress.labs[lab.id] ??= {}
  return progress.labs[lab.id] as LabProgress
}

export const isPassed = (lab: LabText): boolean => readProgress().labs[lab.id]?.passedAt !== undefined

/** The first lab that is not passed, from `after` on if given; undefined when all are. */
export function nextOpenLab(after?: LabText): LabText | undefined {
  const from = after === undefined ? 0 : labs.indexOf(after) + 1
  return [...labs.slice(from), ...labs.slice(0, from)].find((lab) => !isPassed(lab))
}

/** The check that failed last, whose hints are asked for next. */
export const lastFailedCheck = (lab: LabText): string | undefined => readProgress().labs[lab.id]?.lastFailed

/** How many hints were read, of the lab's general ones or of a check's own. */
export function hintsRead(lab: LabText, test: string | undefined): number {
  const own = readProgress().labs[lab.id]
  return (test === undefined ? own?.hints : own?.checkHints?.[test]) ?? 0
}

export function rememberHint(lab: LabText, test: string | undefined, level: number): void {
  changeProgress((progress) => {
    const own = ofLab(progress, lab)
    if (test === undefined) own.hints = Math.max(own.hints ?? 0, level)
    else own.checkHints = { ...own.checkHints, [test]: Math.max(own.checkHints?.[test] ?? 0, level) }
  })
}

const langs: readonly Lang[] = ['en', 'ru']

/** Whether the learner's file is a starter still, in whichever language; `text` is what it holds. */
const isStarter = (lab: LabText, text: string): boolean =>
  langs.some((lang) => readFileSync(inRepository(starterFile(lab, lang)), 'utf8') === text)

/** A file in which nothing was written yet gets its comments in the learner's language. */
export function speakInStarter(lab: LabText, lang: Lang): void {
  const file = learnerPath(lab)
  try {
    const text = readFileSync(file, 'utf8')
    const starter = inRepository(starterFile(lab, lang))
    if (isStarter(lab, text) && text !== readFileSync(starter, 'utf8')) replace(file, starter)
  } catch {
    // No file, or none that can be written: whatever is to be said about that, the check says.
  }
}

/** Puts a copy of `source` in the file's place, as a whole. */
function replace(file: string, source: string): void {
  const beside = `${file}.${process.pid}`
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    copyFileSync(source, beside)
    renameSync(beside, file)
  } finally {
    rmSync(beside, { force: true })
  }
}

/** `backup`: where the learner's version lies now, if there was one. */
export interface Reset {
  readonly kind: 'same' | 'created' | 'replaced'
  readonly backup: string
}

/** Puts the starter back. Throws the system's error, and then the learner's file is as it was. */
export function resetLab(lab: LabText, lang: Lang): Reset {
  const file = learnerPath(lab)
  const starter = inRepository(starterFile(lab, lang))
  const hasFile = existsSync(file)
  if (hasFile && readFileSync(file, 'utf8') === readFileSync(starter, 'utf8'))
    return { kind: 'same', backup: '' }
  let backup = ''
  if (hasFile) {
    const stamp = new Date().toISOString().replace(/[:.]/g, '-')
    const folder = join(labHome(), '.backup', labFolder(lab).replace('labs/', ''))
    mkdirSync(folder, { recursive: true })
    backup = join(folder, `${stamp}-${lab.file}`)
    copyFileSync(file, backup)
  }
  replace(file, starter)
  changeProgress((progress) => void delete ofLab(progress, lab).passedAt)
  return { kind: hasFile ? 'replaced' : 'created', backup }
}

/** `--lang`, or what was chosen before, here or by `npm start`, or the locale of the system. */
export function languageOf(given: Lang | undefined): Lang {
  return given ?? readProgress().lang ?? languageOfTerminal(process.env)
}
