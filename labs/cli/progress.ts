/**
 * What a learner has done, in one plain file: labs/.progress.json. Deleting it forgets everything but the
 * code; nothing else depends on it.
 *
 *   { "lang": "ru", "labs": { "02": { "passedAt": "2026-…", "hints": 2 } } }
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRepository, labFolder, labs, starterFile } from '../engine/catalog.ts'
import type { LabText, Lang } from '../engine/lab.ts'

interface LabProgress {
  passedAt?: string
  hints?: number
}

export interface Progress {
  lang?: Lang
  labs: Record<string, LabProgress>
}

/** Where the learner's files, progress and backups lie: labs/, or $OFFSET_ZERO_LAB_HOME (used by tests). */
const home = () => process.env.OFFSET_ZERO_LAB_HOME ?? inRepository('labs')
/** The learner's file, absolute. */
export const learnerPath = (lab: LabText) => join(home(), labFolder(lab).replace('labs/', ''), lab.file)
const progressFile = () => join(home(), '.progress.json')

/** Reads the file; a missing or broken one counts as nothing done. */
export function readProgress(): Progress {
  try {
    const read = JSON.parse(readFileSync(progressFile(), 'utf8')) as Partial<Progress>
    return { ...(read.lang === 'ru' || read.lang === 'en' ? { lang: read.lang } : {}), labs: read.labs ?? {} }
  } catch {
    return { labs: {} }
  }
}

export function changeProgress(change: (progress: Progress) => void): void {
  const progress = readProgress()
  change(progress)
  mkdirSync(home(), { recursive: true })
  writeFileSync(progressFile(), `${JSON.stringify(progress, null, 2)}\n`)
}

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

const langs: readonly Lang[] = ['en', 'ru']

/** Whether the learner's file is still a starter, in whichever language. */
function isUntouched(lab: LabText): boolean {
  const text = readFileSync(learnerPath(lab), 'utf8')
  return langs.some((lang) => readFileSync(inRepository(starterFile(lab, lang)), 'utf8') === text)
}

/** A file in which nothing was written yet gets its comments in the learner's language. */
export function speakInStarter(lab: LabText, lang: Lang): void {
  const [file, starter] = [learnerPath(lab), inRepository(starterFile(lab, lang))]
  if (!existsSync(file) || !isUntouched(lab)) return
  if (readFileSync(file, 'utf8') !== readFileSync(starter, 'utf8')) copyFileSync(starter, file)
}

/** Puts the starter back. Gives the backup's path, or undefined when the file was the starter already. */
export function resetLab(lab: LabText, lang: Lang): string | undefined {
  const file = learnerPath(lab)
  const starter = inRepository(starterFile(lab, lang))
  let backup: string | undefined
  if (existsSync(file)) {
    if (readFileSync(file, 'utf8') === readFileSync(starter, 'utf8')) return undefined
    const stamp = new Date().toISOString().replace(/[:.]/g, '-')
    const folder = join(home(), '.backup', labFolder(lab).replace('labs/', ''))
    mkdirSync(folder, { recursive: true })
    backup = join(folder, `${stamp}-${lab.file}`)
    copyFileSync(file, backup)
  }
  copyFileSync(starter, file)
  changeProgress((progress) => void delete ofLab(progress, lab).passedAt)
  return backup ?? ''
}

/** `--lang`, or what was chosen before, or the locale of the system. */
export function languageOf(given: Lang | undefined): Lang {
  if (given !== undefined) return given
  const chosen = readProgress().lang
  if (chosen !== undefined) return chosen
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  const locale = LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return locale.toLowerCase().startsWith('ru') ? 'ru' : 'en'
}
