/**
 * labs/.progress.json: the chosen language, and a learner's progress. One file for `npm start` and `npm run lab`.
 * Deleting it removes the language and the check marks, but none of the learner's code.
 *
 *   { "lang": "ru", "labs": { "02": { "passedAt": "2026-…", "hints": 2 } } }
 *
 * PROGRESS-FILE-1  a file that can't be parsed is renamed, and the learner is informed: nothing is lost
 * PROGRESS-FILE-2  it is written under another name and then renamed: it is never incomplete
 * PROGRESS-FILE-3  fields of other versions are kept
 * PROGRESS-FILE-4  this file runs before anything is installed, so it imports Node's own modules only
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './installed.mjs'

/** @typedef {'en' | 'ru'} Language */
/** @typedef {{ passedAt?: string, lastFailed?: string, hints?: number, checkHints?: Record<string, number> }} LabProgress */
/** @typedef {{ lang?: Language, labs: Record<string, LabProgress> }} Progress */
/** @typedef {{ progress: Progress, isBroken: boolean }} ReadProgress */

/** The folder of the learner's files and progress: labs/, or $OFFSET_ZERO_LAB_HOME (for tests). */
export const labHome = (env = process.env) => env.OFFSET_ZERO_LAB_HOME || path.join(root, 'labs')

export const progressFile = (env = process.env) => path.join(labHome(env), '.progress.json')

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {ReadProgress} for a missing file: no progress; for a broken file too, with isBroken
 */
export function readProgressFile(env = process.env) {
  let text
  try {
    text = readFileSync(progressFile(env), 'utf8')
  } catch (error) {
    const isMissing = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT'
    return { progress: { labs: {} }, isBroken: !isMissing }
  }
  try {
    const found = JSON.parse(text)
    if (isProgress(found)) return { progress: found, isBroken: false }
  } catch {
    // Not JSON.
  }
  return { progress: { labs: {} }, isBroken: true }
}

const isObject = (/** @type {unknown} */ value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @param {unknown} value @returns {value is Progress} */
function isProgress(value) {
  if (!isObject(value)) return false
  const { lang, labs } = /** @type {Record<string, unknown>} */ (value)
  if (lang !== undefined && lang !== 'en' && lang !== 'ru') return false
  return isObject(labs) && Object.values(/** @type {object} */ (labs)).every(isObject)
}

/**
 * Reads, changes and writes the file.
 * @param {(progress: Progress) => void} change
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ keptAs?: string }} keptAs: the new name of a broken file; throws the system's error if it can't write
 */
export function changeProgressFile(change, env = process.env) {
  const file = progressFile(env)
  const { progress, isBroken } = readProgressFile(env)
  const before = JSON.stringify(progress)
  change(progress)
  if (!isBroken && JSON.stringify(progress) === before) return {}
  mkdirSync(path.dirname(file), { recursive: true })
  const keptAs = `${file}.broken-${new Date().toISOString().replace(/[:.]/g, '-')}`
  if (isBroken) renameSync(file, keptAs)
  const written = `${file}.${process.pid}`
  try {
    writeFileSync(written, `${JSON.stringify(progress, null, 2)}\n`)
    renameSync(written, file)
  } finally {
    rmSync(written, { force: true })
  }
  return isBroken ? { keptAs } : {}
}

/** @param {NodeJS.ProcessEnv} [env] @returns {Language | undefined} the language of the last --lang, of either command */
export const rememberedLanguage = (env = process.env) => readProgressFile(env).progress.lang

/**
 * Stores the language if possible; nothing else depends on it.
 * @param {Language} lang
 * @param {NodeJS.ProcessEnv} [env]
 */
export function rememberLanguage(lang, env = process.env) {
  try {
    changeProgressFile((progress) => {
      progress.lang = lang
    }, env)
  } catch {
    // The folder is not writable: the language must be given again next time.
  }
}
