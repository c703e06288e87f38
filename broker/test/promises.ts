/**
 * Promises and their addresses, as a machine reads them.
 *
 * The head of a file states what its code keeps, one promise a line: an id, two spaces, a sentence. The id is a concept
 * and a number, `TURNS-3`. It is unique in the project, so whoever reads it anywhere finds the promise by a search for
 * it. A test that proves a promise has the id at the beginning of its title (`'TURNS-3: …'`), so
 * a failure names what is broken, and `npx vitest -t TURNS-3` runs what proves it.
 */

export interface SourceFile {
  /** From the project's root, with slashes. */
  readonly path: string
  readonly text: string
}

export interface Promised {
  readonly id: string
  readonly path: string
  /** The sentence, as far as it stands in the first line. */
  readonly sentence: string
}

const ID = String.raw`[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*-\d+`
const PROMISE = new RegExp(String.raw`^ ?\* (${ID}) {2}(.+)$`, 'gm')
const MENTION = new RegExp(String.raw`(?<![\w[.-])${ID}(?![\w-])`, 'g')
const TITLE = new RegExp(`(?<=['"\`])${ID}(?:, ${ID})*(?=: )`, 'g')
/** A letter and a number alone: at the beginning of a head's line or of a title, or in parentheses in a comment. */
const BARE =
  /^ ?\* [A-Z]\d{1,2} {2}.*$|(?<=\/\/.*|\*.*)\([A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*\)|'[A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*: /gm

/** What looks like an id and is none: proposals and bugs of Kafka, encodings, hashes. */
const OTHER_NAMES = new Set(['KIP', 'KAFKA', 'UTF', 'SHA', 'SCRAM-SHA', 'RFC'])

const isTest = (path: string): boolean => /\.test\.(tsx?|mjs)$/.test(path)
const prefixOf = (id: string): string => id.replace(/-\d+$/, '')
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([found]) => found)

/** The promises of all files, in the files' order. */
export function promisesOf(files: readonly SourceFile[]): Promised[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(PROMISE)].map(([, id, sentence]) => ({ id: id!, path, sentence: sentence! })),
  )
}

/** Ids that are promised more than once, and files whose promises have more than one prefix; a line for each. */
export function findAmbiguous(files: readonly SourceFile[]): string[] {
  const promised = promisesOf(files)
  const twice = promised.filter(({ id }, i) => promised.findIndex((other) => other.id === id) < i)
  const mixed = [...new Set(promised.map(({ path }) => path))].filter(
    (path) => new Set(promised.filter((each) => each.path === path).map(({ id }) => prefixOf(id))).size > 1,
  )
  return [
    ...twice.map(({ id, path }) => `${path} promises ${id}, as another line does`),
    ...mixed.map((path) => `${path} has more than one prefix`),
  ]
}

/** Ids in comments, pages and titles that no file promises, and ids in the old form; a line for each. */
export function findDangling(files: readonly SourceFile[]): string[] {
  const known = new Set(promisesOf(files).map(({ id }) => id))
  return files.flatMap(({ path, text }) => [
    ...all(text, MENTION)
      .filter((id) => !known.has(id) && !OTHER_NAMES.has(prefixOf(id)))
      .map((id) => `${path} cites ${id}, which nobody promises`),
    ...all(text, BARE).map((found) => `${path} has an id without a concept: ${found.trim()}`),
  ])
}

/** Promises that stand in the title of no test; a line for each. */
export function findUnproven(files: readonly SourceFile[]): string[] {
  const proven = new Set(
    files
      .filter(({ path }) => isTest(path))
      .flatMap(({ text }) => all(text, TITLE).flatMap((ids) => ids.split(', '))),
  )
  return promisesOf(files)
    .filter(({ id }) => !proven.has(id))
    .map(({ id, path, sentence }) => `${path}: ${id}  ${sentence}`)
}

/** Ids in tests that stand anywhere but at the beginning of a title; a line for each. */
export function findMisplaced(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => isTest(path))
    .flatMap(({ path, text }) => {
      const rest = text.replaceAll(PROMISE, '').replaceAll(TITLE, '')
      return all(rest, MENTION)
        .filter((id) => !OTHER_NAMES.has(prefixOf(id)))
        .map((id) => `${path} cites ${id} elsewhere than at the beginning of a title`)
    })
}
