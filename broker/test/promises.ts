/**
 * Reads promises and their ids from the sources.
 *
 * The head of a file lists what its code guarantees, one promise a line: an id, two spaces, a sentence. The id is a concept
 * and a number, `TURNS-3`. It is unique in the project, so a search for it finds the promise. A test that proves a promise
 * has the id at the beginning of its title (`'TURNS-3: …'`), so a failure names the broken promise, and
 * `npx vitest -t TURNS-3` runs the tests that prove it.
 */

export interface SourceFile {
  /** Path from the project's root, with slashes. */
  readonly path: string
  readonly text: string
}

export interface Promised {
  readonly id: string
  readonly path: string
  /** The first line of the sentence. */
  readonly sentence: string
}

const ID = String.raw`[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*-\d+`
const PROMISE = new RegExp(String.raw`^ ?\* (${ID}) {2}(.+)$`, 'gm')
const MENTION = new RegExp(String.raw`(?<![\w[.-])${ID}(?![\w-])`, 'g')
const TITLE = new RegExp(`(?<=['"\`])${ID}(?:, ${ID})*(?=: )`, 'g')
/** A letter and a number alone: at the beginning of a head's line or of a title, or in parentheses in a comment. */
const BARE =
  /^ ?\* [A-Z]\d{1,2} {2}.*$|(?<=\/\/.*|\*.*)\([A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*\)|'[A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*: /gm

/** Texts that look like ids: proposals and bugs of Kafka, encodings, hashes. */
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

/** Ids that are defined more than once, and files whose promises have more than one prefix; one line each. */
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

/** Ids in comments, pages and titles that no file defines, and ids in the old form; one line each. */
export function findDangling(files: readonly SourceFile[]): string[] {
  const known = new Set(promisesOf(files).map(({ id }) => id))
  return files.flatMap(({ path, text }) => [
    ...all(text, MENTION)
      .filter((id) => !known.has(id) && !OTHER_NAMES.has(prefixOf(id)))
      .map((id) => `${path} cites ${id}, which no file defines`),
    ...all(text, BARE).map((found) => `${path} has an id without a concept: ${found.trim()}`),
  ])
}

/** Promises that no test has in its title; one line each. */
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

/** Ids in tests that are not at the beginning of a title; one line each. */
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
