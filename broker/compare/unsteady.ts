/**
 * Stories that were unsteady before: how often may a difference go away by itself?
 *
 * A story that differed, and did not when it was told again, is called unsteady (COMPARE-RUN-4): the machine
 * had much to do. Once that is an excuse. A race in the broker looks the same, and comes back; so what was unsteady is
 * remembered from run to run, in results/unsteady.json of this checkout, by the story's name:
 *
 *   { "Fetch: waits for records": 3 }     told three times since, and steady each time
 *
 * UNSTEADY-1  a story that is unsteady again within TELLINGS tellings of it fails the comparison
 * UNSTEADY-2  a story that was steady for so many tellings is forgotten; runs that leave it out (--only) do not count
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** How often a story must be told without a difference before it is as good as new. */
export const TELLINGS = 20

const FILE = fileURLToPath(new URL('results/unsteady.json', import.meta.url))

/** By the story's name: how often it was told since it was unsteady. */
export type UnsteadyStories = Readonly<Record<string, number>>

/** A story of this run, as far as this is concerned. */
export interface ToldStory {
  readonly name: string
  readonly isUnsteady: boolean
}

/** What to remember after a run, and the stories that were unsteady again (UNSTEADY-1). */
export function afterRun(
  before: UnsteadyStories,
  told: readonly ToldStory[],
): { readonly after: UnsteadyStories; readonly again: readonly string[] } {
  const known = new Map(Object.entries(before))
  const again = told.filter(({ name, isUnsteady }) => isUnsteady && known.has(name)).map(({ name }) => name)
  for (const { name, isUnsteady } of told) {
    const tellings = known.get(name)
    if (isUnsteady) known.set(name, 0)
    else if (tellings !== undefined && tellings + 1 >= TELLINGS) known.delete(name)
    else if (tellings !== undefined) known.set(name, tellings + 1)
  }
  return { after: Object.fromEntries(known), again }
}

/** Takes a run into the file; gives the stories that were unsteady again. A file that cannot be read is begun anew. */
export function keepUnsteady(
  compared: readonly {
    readonly scenario: { readonly name: string }
    readonly unsteady: readonly unknown[]
  }[],
  file = FILE,
): readonly string[] {
  const told = compared.map(({ scenario, unsteady }) => ({
    name: scenario.name,
    isUnsteady: unsteady.length > 0,
  }))
  const { after, again } = afterRun(read(file), told)
  if (Object.keys(after).length > 0) writeFileSync(file, `${JSON.stringify(after, undefined, 2)}\n`)
  else rmSync(file, { force: true })
  return again
}

function read(file: string): UnsteadyStories {
  if (!existsSync(file)) return {}
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Object.fromEntries(Object.entries(Object(found)).filter(isCount))
  } catch {
    return {}
  }
}

function isCount(entry: [string, unknown]): entry is [string, number] {
  return typeof entry[1] === 'number'
}
