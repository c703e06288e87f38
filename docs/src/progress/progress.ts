/**
 * A learner's progress on the site: answers to quizzes, and which labs are passed. It stays in this browser, and can be
 * taken to another one as a file.
 *
 * The quizzes write to the browser's storage themselves (components/Quiz.tsx, one key for each). What the labs know is in
 * labs/.progress.json, which the site cannot read by itself; importing that file brings the check marks here.
 *
 * PROGRESS-1  an import adds and replaces what the file holds, and touches nothing else; a file that is no progress changes nothing
 * PROGRESS-2  an export that is imported into an empty browser gives the same progress
 */

const QUIZ = 'oz.quiz.'
const LABS = 'oz.labs'
/** The mark of our own files. */
const FORMAT = 'offset-zero-progress'

/** Question id to the place of the chosen option. */
export type QuizAnswers = Readonly<Record<string, number>>
/** As in labs/.progress.json; only `passedAt` (an ISO date) counts here. */
export type LabStates = Readonly<Record<string, { readonly passedAt?: string }>>

export interface Progress {
  /** By the name of the quiz, which is the last part of its page's address. */
  readonly quizzes: Readonly<Record<string, QuizAnswers>>
  /** By number: '02'. */
  readonly labs: LabStates
}

/** The part of the browser's storage that is used. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** All that the browser remembers; what cannot be read counts as nothing. */
export function readProgress(store: Store): Progress {
  const keys = Array.from({ length: store.length }, (_, place) => store.key(place) ?? '')
  const quizzes = keys
    .filter((key) => key.startsWith(QUIZ))
    .map((key) => [key.slice(QUIZ.length), parsed(store.getItem(key))] as const)
    .filter((entry): entry is [string, QuizAnswers] => isAnswers(entry[1]))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const labs = parsed(store.getItem(LABS))
  return { quizzes: Object.fromEntries(quizzes), labs: isLabs(labs) ? labs : {} }
}

/** The text of the file to be saved (PROGRESS-2). */
export function exportProgress(store: Store): string {
  return `${JSON.stringify({ format: FORMAT, version: 1, ...readProgress(store) }, null, 2)}\n`
}

/**
 * Takes over a file that was exported here, or labs/.progress.json (PROGRESS-1).
 *
 * @returns how many quizzes and labs it held; undefined: it is neither, and nothing has changed
 */
export function importProgress(store: Store, text: string): { quizzes: number; labs: number } | undefined {
  const found = parsed(text)
  if (!isObject(found)) return undefined
  const { format, quizzes = {}, labs = {} } = found as Record<string, unknown>
  if (format !== undefined && format !== FORMAT) return undefined
  // labs/.progress.json has no format; it has labs.
  if (format === undefined && found.labs === undefined) return undefined
  if (!isObject(quizzes) || !Object.values(quizzes).every(isAnswers) || !isLabs(labs)) return undefined
  for (const [name, answers] of Object.entries(quizzes)) store.setItem(QUIZ + name, JSON.stringify(answers))
  const passed = Object.entries(labs).map(([id, { passedAt }]) => [
    id,
    passedAt === undefined ? {} : { passedAt },
  ])
  const before = readProgress(store).labs
  store.setItem(LABS, JSON.stringify({ ...before, ...Object.fromEntries(passed) }))
  return { quizzes: Object.keys(quizzes).length, labs: passed.length }
}

/** Forgets everything. */
export function clearProgress(store: Store): void {
  for (const name of Object.keys(readProgress(store).quizzes)) store.removeItem(QUIZ + name)
  store.removeItem(LABS)
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isAnswers = (value: unknown): value is QuizAnswers =>
  isObject(value) && Object.values(value).every((place) => Number.isInteger(place) && (place as number) >= 0)

const isLabs = (value: unknown): value is LabStates =>
  isObject(value) &&
  Object.values(value).every(
    (lab) => isObject(lab) && (lab.passedAt === undefined || typeof lab.passedAt === 'string'),
  )
