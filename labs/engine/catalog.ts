/**
 * Which labs there are, in the order in which they are done, and where their files lie. A lab is a folder
 * `labs/NN-slug` with a `lab.ts` in it; the engine finds it there and imports none of them by name.
 */
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { LabText, Suite } from './lab.ts'
import type { Lang } from './text.ts'

const root = new URL('../../', import.meta.url)

const folders = readdirSync(new URL('labs/', root))
  .filter((name) => /^\d\d-/.test(name))
  .sort()

export const labs: readonly LabText[] = await Promise.all(
  folders.map(async (folder) => {
    const { text } = (await import(new URL(`labs/${folder}/lab.ts`, root).href)) as { text: LabText }
    return text
  }),
)

/** An absolute path inside the repository; `parts` joined by '/'. */
export function inRepository(path: string): string {
  return fileURLToPath(new URL(path, root))
}

export function labFolder(lab: LabText): string {
  return `labs/${lab.id}-${lab.slug}`
}

/** The file that the learner edits, from the root of the repository. */
export function learnerFile(lab: LabText): string {
  return `${labFolder(lab)}/${lab.file}`
}

export function solutionsFolder(lab: LabText): string {
  return `solutions/${lab.id}-${lab.slug}`
}

/** The starter with comments in the learner's language, from the root; the English one where there is no other. */
export function starterFile(lab: LabText, lang: Lang): string {
  const own = `${solutionsFolder(lab)}/starter.${lang}.ts`
  return existsSync(inRepository(own)) ? own : `${solutionsFolder(lab)}/starter.ts`
}

/** '2', '02', '02-keys-and-partitions' and 'keys-and-partitions' all name lab 02. */
export function findLab(name: string): LabText | undefined {
  const wanted = name.toLowerCase()
  return labs.find((lab) =>
    [lab.id, String(Number(lab.id)), lab.slug, `${lab.id}-${lab.slug}`].includes(wanted),
  )
}

export async function loadSuite(lab: LabText): Promise<Suite<unknown, unknown>> {
  const module = (await import(new URL(`${labFolder(lab)}/suite.ts`, root).href)) as {
    suite: Suite<unknown, unknown>
  }
  return module.suite
}
