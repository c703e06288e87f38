import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inRepository } from './engine/catalog.ts'

// The floors of the labs: engine < a lab < the command line < the binding to vitest. Imports point down, and never in
// a circle. What the engine knows of a lab it finds in the lab's folder, not by name.
const root = inRepository('labs')
const floors = ['engine', 'lab', 'cli', 'vitest'] as const

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(ts|mjs)$/.test(file) && !/\.test\.ts$|\.d\.ts$|^\.|node_modules/.test(file))

const floorOf = (file: string) => {
  const folder = file.split('/')[0] ?? ''
  return floors.indexOf((/^\d\d-/.test(folder) ? 'lab' : folder) as (typeof floors)[number])
}

/** What a file imports of the labs. `isRun`: without types, which are gone when the program runs. */
const importsIn = (isRun: boolean) =>
  new Map(
    files.map((file) => {
      const whole = readFileSync(join(root, file), 'utf8')
      const source = isRun ? whole.replace(/^(?:import|export) type [^;]*? from '[^']+'$/gm, '') : whole
      const found = [...source.matchAll(/(?:from|import)\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g)]
      const targets = found.map(([, plain, dynamic]) =>
        relative(root, resolve(root, dirname(file), plain ?? dynamic ?? '')).replaceAll('\\', '/'),
      )
      return [file, targets.filter((target) => files.includes(target))]
    }),
  )

const importsOf = importsIn(false)
const runImportsOf = importsIn(true)

describe('the floors of the labs', () => {
  it('every file stands on one', () => {
    expect(files.length).toBeGreaterThan(40)
    expect(files.filter((file) => floorOf(file) === -1)).toEqual([])
  })

  it('imports point down: engine, a lab, the command line, vitest', () => {
    const up = [...importsOf].flatMap(([file, targets]) =>
      targets.filter((target) => floorOf(target) > floorOf(file)).map((target) => `${file} -> ${target}`),
    )
    expect(up).toEqual([])
  })

  it('no lab imports another', () => {
    const across = [...importsOf].flatMap(([file, targets]) =>
      targets
        .filter(
          (target) => /^\d\d-/.test(target) && /^\d\d-/.test(file) && target.slice(0, 2) !== file.slice(0, 2),
        )
        .map((target) => `${file} -> ${target}`),
    )
    expect(across).toEqual([])
  })

  it('no file imports itself, by whatever way', () => {
    const circles: string[] = []
    const done = new Set<string>()
    const walk = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      else if (!done.has(file)) {
        for (const target of runImportsOf.get(file) ?? []) walk(target, [...path, file])
        done.add(file)
      }
    }
    for (const file of files) walk(file, [])
    expect(circles).toEqual([])
  })

  it('what judges never imports what is judged, and a learner’s thread never imports what judges', () => {
    const reach = (from: string, seen = new Set<string>()): Set<string> => {
      for (const target of runImportsOf.get(from) ?? []) {
        if (seen.has(target)) continue
        seen.add(target)
        reach(target, seen)
      }
      return seen
    }
    const judges = [...reach('engine/subject/worker.ts')].filter((file) =>
      /^engine\/(judge|wire)|trial|grader/.test(file),
    )
    expect(judges).toEqual([])
  })
})
