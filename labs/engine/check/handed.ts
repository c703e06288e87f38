/**
 * Labs check, what is handed over: every value that the suite passes to the solution, place by place.
 *
 * - census of constants: a place that is passed at least twice and never varies is a blind spot
 * - the probe list of its type: each probe was tried, or a reason says why not
 * - a reason that is not needed is a fault: it hides the next gap
 */
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { inRepository, labFolder } from '../catalog.ts'
import type { LabText } from '../lab.ts'
import { type HandedPlace, probesOf } from '../subject/handed.ts'
import type { Waived } from '../waived.ts'

/** What the lab waives; undefined when it has no such file, and is not held to the list yet. */
export async function waivedOf(lab: LabText): Promise<Waived | undefined> {
  const file = inRepository(`${labFolder(lab)}/waived.ts`)
  if (!existsSync(file)) return undefined
  const module = (await import(pathToFileURL(file).href)) as { waived?: Waived }
  return module.waived
}

/** What the solution was handed in several runs, put together place by place. */
export function together(runs: readonly (readonly HandedPlace[])[]): HandedPlace[] {
  const places = new Map<string, HandedPlace>()
  for (const place of runs.flat()) {
    const key = `${place.path} ${place.type}`
    const known = places.get(key)
    if (known === undefined) places.set(key, place)
    else
      places.set(key, {
        ...known,
        times: known.times + place.times,
        distinct: Math.max(known.distinct, place.distinct, known.example === place.example ? 1 : 2),
        probes: [...new Set([...known.probes, ...place.probes])],
      })
  }
  return [...places.values()]
}

/** What was never varied or tried, without a reason. */
export function handedFaults(places: readonly HandedPlace[], waived: Waived): string[] {
  const faults: string[] = []
  const used = new Set<string>()
  const isWaived = (reasons: Readonly<Record<string, string>> | undefined, keys: readonly string[]) => {
    const key = keys.find((one) => (reasons?.[one] ?? '').trim() !== '')
    if (key !== undefined) used.add(key)
    return key !== undefined
  }
  for (const { path, type, times, distinct, example, probes } of places) {
    if (times > 1 && distinct === 1 && !isWaived(waived.constants, [path]))
      faults.push(`${path} is always ${example}`)
    const wanted =
      waived.offsets?.includes(path) === true ? [...probesOf.number, ...probesOf.offset] : probesOf[type]
    for (const probe of wanted)
      if (!probes.includes(probe) && !isWaived(waived.probes, [`${path}: ${probe}`, `${path}: *`]))
        faults.push(`${path} (${type}) was never tried with: ${probe}`)
  }
  for (const key of [...Object.keys(waived.probes ?? {}), ...Object.keys(waived.constants ?? {})])
    if (!used.has(key)) faults.push(`${key} is waived, and need not be`)
  return faults
}
