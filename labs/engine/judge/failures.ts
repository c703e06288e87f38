/**
 * Puts whatever ended a check into a learner's words: a case of the lab's own text, or one of the kinds that
 * any code may show (words.ts).
 *
 *   Failure         the test compared and it did not hold      the lab's case, with its why and try
 *   Misfit          the answer has another type                missing-return, wrong-type
 *   LearnerError    the code threw                             not-implemented, threw
 *   MissingExport   there is no such function                  missing-export
 *   SubjectGone     the thread with the code died              endless-loop, exit, crash
 *   too late        the promise did not come in time           timeout
 *
 * - `why` and `try` are those of what happened, never those of the check it happened in
 *
 * FAILURES-1  a kind's words name the call with its arguments; a thrown error has the learner's frames
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exportTrouble } from '../exports.ts'
import type { CaseText, LabText } from '../lab.ts'
import { show } from '../show.ts'
import type { CallLog } from '../subject/call-log.ts'
import { Misfit, MissingExport } from '../subject/membrane.ts'
import { shapeInWords } from '../subject/shapes.ts'
import { type Gone, SubjectGone } from '../subject/subject-worker.ts'
import { APromise, type ErrorReport, LearnerError } from '../subject/values.ts'
import type { Text } from '../text.ts'
import { Failure } from '../trial.ts'
import type { TestResult } from '../verdict.ts'
import { fill, kinds, words } from '../words.ts'

/** What a failure adds to a result. */
export type Explained = Pick<
  TestResult,
  'kind' | 'case' | 'says' | 'why' | 'try' | 'picture' | 'call' | 'where' | 'frames'
>

export interface FailureContext {
  readonly lab: LabText
  readonly id: string
  readonly log: CallLog
  /** Absolute path of the learner's file. */
  readonly file: string
  readonly patienceMs: number
}

export function explain(error: unknown, context: FailureContext): Explained {
  if (error instanceof Failure) return caseOf(error, context)
  if (error instanceof Misfit) return misfit(error)
  if (error instanceof MissingExport) return missingExport(error, context)
  if (error instanceof SubjectGone) return goneIn(error.gone, context)
  if (error instanceof LearnerError) return thrown(error.report, context)
  throw error
}

function caseOf(failure: Failure, { lab, id }: FailureContext): Explained {
  const test = lab.tests[id]
  const own: CaseText = test?.says[failure.says] ?? { en: failure.says, ru: failure.says }
  // A case's own why and try, if it has either; else those of its test, which are true of all cases without.
  const from = own.why === undefined && own.try === undefined ? test : own
  return {
    kind: failure.says === 'order' ? 'wrong-order' : 'wrong-value',
    case: failure.says,
    says: fill(own, failure.facts),
    ...(from?.why === undefined ? {} : { why: fill(from.why, failure.facts) }),
    ...(from?.try === undefined ? {} : { try: fill(from.try, failure.facts) }),
    ...(failure.picture === undefined ? {} : { picture: failure.picture }),
  }
}

function misfit({ call, got, wanted, isOverwritten }: Misfit): Explained {
  const facts = { call, got: show(got), wanted: shapeInWords(wanted) }
  if (isOverwritten) return kindOf('answer-shared', facts)
  if (got === undefined) return kindOf('missing-return', facts)
  if (!(got instanceof APromise)) return kindOf('wrong-type', facts)
  return {
    kind: 'wrong-type',
    says: fill(words.promiseGiven, facts),
    why: words.promiseWhy,
    try: words.promiseTry,
    call,
  }
}

function missingExport({ missing, found }: MissingExport, { lab, file }: FailureContext): Explained {
  const source = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const says = exportTrouble(missing, found, source, lab.exports)
  return says === undefined ? { kind: 'missing-export' } : { kind: 'missing-export', says }
}

function thrown(report: ErrorReport, { log, file }: FailureContext): Explained {
  const frames = framesIn(report.stack, file)
  const place = placeOf(frames, file)
  const at = { ...(place === undefined ? {} : { where: place }), ...(frames.length === 0 ? {} : { frames }) }
  const stub = /^not implemented\b:?\s*(\w*)/i.exec(report.message)
  if (stub !== null)
    return { kind: 'not-implemented', says: fill(words.notImplemented, { name: stub[1] || '?' }), ...at }
  const said = kindOf('threw', { call: callIn(log), message: messageOf(report) })
  return { ...said, ...(/ECONNREFUSED/.test(report.message) ? { try: words.refusedTry } : {}), ...at }
}

/** An error that escaped: from a timer, a callback, a promise that is not awaited. */
export function escapedIn(report: ErrorReport, { log, file }: FailureContext): Explained {
  const frames = framesIn(report.stack, file)
  const place = placeOf(frames, file)
  return {
    ...kindOf('unhandled', { call: callIn(log), message: messageOf(report) }),
    ...(place === undefined ? {} : { where: place }),
    ...(frames.length === 0 ? {} : { frames }),
  }
}

export function tooLate({ log, patienceMs }: FailureContext): Explained {
  return kindOf('timeout', { call: callIn(log), seconds: Math.round(patienceMs / 1000) })
}

export function goneIn(gone: Gone, { log }: FailureContext): Explained {
  const message = gone.kind === 'crash' && gone.message === '' ? words.outOfMemory : gone.message
  const facts = { call: callIn(log), seconds: gone.message, message }
  return kindOf(gone.kind, facts)
}

/** A check that was not run, and which ones had to be stopped before it. */
export function notRun(stopped: readonly string[], lab: LabText): Explained {
  const names = (lang: 'en' | 'ru') =>
    stopped
      .map((id) => lab.tests[id]?.name[lang] ?? id)
      .map((name) => (lang === 'en' ? `“${name}”` : `«${name}»`))
      .join(', ')
  return kindOf('not-run', { count: stopped.length, checks: { en: names('en'), ru: names('ru') } })
}

export function kindOf(
  kind: keyof typeof kinds,
  facts: Readonly<Record<string, string | number | Text>>,
): Explained {
  const said = kinds[kind]
  const { call } = facts
  return {
    kind,
    says: tidy(fill(said.says, facts)),
    ...(said.why === undefined ? {} : { why: fill(said.why, facts) }),
    ...(said.try === undefined ? {} : { try: fill(said.try, facts) }),
    ...(typeof call === 'string' ? { call } : {}),
  }
}

const tidy = ({ en, ru }: Text): Text => ({ en: en.trimEnd(), ru: ru.trimEnd() })

function callIn(log: CallLog): string | Text {
  return log.lastCall() ?? { en: 'your code', ru: 'ваш код' }
}

export function messageOf({ name, message }: ErrorReport): string {
  const text = message.length > 400 ? `${message.slice(0, 399)}…` : message
  return name === '' || name === 'Error' ? text : `${name}: ${text}`
}

/** The frames of a stack that lie in the learner's file, or in files beside it: `readAll (/path/file.ts:12:3)`. */
export function framesIn(stack: string, file: string): string[] {
  const folder = file.slice(0, -basename(file).length)
  return stack.split('\n').flatMap((line) => {
    const frame = /^\s*at (?:(.*) \()?(.+?):(\d+):(\d+)\)?$/.exec(line)
    if (frame === null) return []
    const [, name, place = '', row, column] = frame
    const path = place.replace(/^async /, '').startsWith('file:')
      ? fileURLToPath(place.replace(/^async /, '').replace(/\?.*$/, ''))
      : place.replace(/^async /, '')
    if (!path.startsWith(folder) || path.includes('node_modules')) return []
    return [`${name ?? '<anonymous>'} (${path}:${row}:${column})`]
  })
}

/** `partitioner.ts:12:3`: the innermost frame that lies in the learner's file itself. */
export function placeOf(frames: readonly string[], file: string): string | undefined {
  const own = frames.find((frame) => frame.includes(`(${file}:`))
  const position = own === undefined ? null : /:(\d+):(\d+)\)$/.exec(own)
  return position === null ? undefined : `${basename(file)}:${position[1]}:${position[2]}`
}
