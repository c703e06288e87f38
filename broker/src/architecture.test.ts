/**
 * The layers ("floors") of this folder, checked against its imports, and the rules that keep the core deterministic.
 *
 *   runtime > broker > api > coordinators > quota > controller > quorum > replica > log > record > channel > messages > wire
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { specifiersOf, strip } from '../test/source-scan.ts'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
/** From the top floor to the bottom. Folders on one line are on one floor. */
const FLOORS = [
  ['node', 'browser', 'sim', 're2'],
  ['broker'],
  ['api'],
  ['coordinators'],
  ['quota'],
  ['controller'],
  ['quorum'],
  ['replica'],
  ['log'],
  ['record'],
  ['channel'],
  ['messages'],
  ['wire'],
]
const BESIDE = [
  'config',
  'core.ts',
  'counters.ts',
  'heap.ts',
  'settled-time.ts',
  'shared-map.ts',
  'shared-steps.ts',
  'stalls.ts',
  'topic-names.ts',
  'turn-queue.ts',
  'turns.ts',
]
const RUNTIMES = FLOORS[0]!

/** The limit for a file, so that it can be read in one go. */
const LINES_MAX = 300
/** The limit for a state machine, whose states and transitions are read together. State machines are listed here. */
const STATE_MACHINE_LINES_MAX = 450
const STATE_MACHINES: readonly string[] = [
  'broker/connection.ts',
  'channel/node-channel.ts',
  'controller/controller.ts',
  'coordinators/group/classic/rebalance.ts',
  'coordinators/runtime/coordinator-context.ts',
  'coordinators/transaction/transaction-coordinator.ts',
  'log/partition-log.ts',
  'quorum/quorum.ts',
  'quorum/raft-node.ts',
  'quorum/voters/voter-changes.ts',
  'record/record-cursor.ts',
  'replica/leader-state.ts',
  'replica/partition.ts',
  'replica/replica-fetcher.ts',
  'replica/replica-manager.ts',
  'turns.ts',
]
/** Other files above the limit, with their current number of lines, which must not grow. */
const TOO_LONG: Readonly<Record<string, number>> = {
  'log/log-manager.ts': 359,
  'log/log-part-adapter.ts': 318,
  'log/segment/segment.ts': 306,
  'node/files/file-storage.ts': 319,
}

interface Source {
  /** Path from this folder: 'log/segment/segment.ts'. */
  readonly path: string
  readonly text: string
  /** The source without comments, and with empty strings. */
  readonly code: string
  /** Imported paths within this folder, including type imports. */
  readonly imports: readonly string[]
  /** Other imports: 'node:fs'. */
  readonly foreign: readonly string[]
}

const everything = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => read(join(entry.parentPath, entry.name)))
  .sort((a, b) => (a.path < b.path ? -1 : 1))
const sources = everything.filter(({ path }) => !path.endsWith('.test.ts'))
const core = sources.filter(({ path }) => !RUNTIMES.includes(folderOf(path)))

function read(file: string): Source {
  const text = readFileSync(file, 'utf8')
  const named = specifiersOf(text)
  const local = named
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, join(dirname(file), name)))
  const foreign = named.filter((name) => !name.startsWith('.'))
  return { path: relative(ROOT, file), text, code: strip(text), imports: local, foreign }
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path
}

/** 0 is the top floor. */
function floorOf(path: string): number {
  return FLOORS.findIndex((folders) => folders.includes(folderOf(path)))
}

describe('the scanner', () => {
  test('sees words in code, and no others', () => {
    const text =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source, to be scanned
      "const a = 1 // Date\n/* setTimeout */ const b = 'Promise' + `await ${async(1)} Date` + /Buffer'/.source"
    expect(strip(text).match(/\b(Date|setTimeout|Promise|await|async|Buffer|source)\b/g)).toEqual([
      'async',
      'source',
    ])
  })

  test('sees every kind of import', () => {
    const text = [
      "import type { A } from './a.ts'",
      "import {\n  b,\n} from '../b.ts'",
      "export { c } from './c.ts'",
      "import './d.ts'",
      "const e = await import('./e.ts')",
      "// import { f } from './f.ts'",
      "import * as g from 'node:fs'",
    ].join('\n')
    expect(specifiersOf(text).sort()).toEqual(['../b.ts', './a.ts', './c.ts', './d.ts', './e.ts', 'node:fs'])
  })
})

describe('floors', () => {
  test('every folder is on a floor, or listed as beside them', () => {
    const known = [...FLOORS.flat(), ...BESIDE]
    expect(sources.map(({ path }) => folderOf(path)).filter((folder) => !known.includes(folder))).toEqual([])
    expect(sources.length).toBeGreaterThan(150)
  })

  test('imports point down only', () => {
    const upward = sources.flatMap(({ path, imports }) =>
      imports
        .filter((target) => !BESIDE.includes(folderOf(target)))
        .filter((target) =>
          BESIDE.includes(folderOf(path))
            ? folderOf(target) !== folderOf(path)
            : floorOf(target) < floorOf(path),
        )
        .map((target) => `${path} -> ${target}`),
    )
    expect(upward).toEqual([])
  })

  test('all imported files exist', () => {
    const paths = new Set(everything.map(({ path }) => path))
    const missing = sources.flatMap(({ path, imports }) =>
      imports
        .filter((target) => !paths.has(target) && !target.startsWith('..'))
        .map((target) => `${path} -> ${target}`),
    )
    expect(missing).toEqual([])
  })

  test('nothing imports in a circle, not even for types', () => {
    const graph = new Map(sources.map(({ path, imports }) => [path, imports]))
    expect(circleIn(graph)).toBeUndefined()
  })

  test('the circle finder finds one', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ])
    expect(circleIn(graph)).toBe('b -> c -> b')
  })
})

/** The first import circle that is found, as 'a -> b -> a'. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string | undefined {
  const done = new Set<string>()
  const visit = (node: string, path: readonly string[]): string | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(' -> ')
    if (done.has(node)) return undefined
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...path, node])
      if (circle) return circle
    }
    done.add(node)
    return undefined
  }
  for (const node of graph.keys()) {
    const circle = visit(node, [])
    if (circle) return circle
  }
  return undefined
}

/** Entry points: the command, the library, the page, the site, the tests. */
const ENTRIES: readonly string[] = [
  'browser/browser-broker.ts',
  'config/keys/kept-keys.ts',
  // Until brokers register and send heartbeats over the network.
  'controller/replicas/broker-heartbeats.ts',
  'messages/catalog.ts',
  'node/cli.ts',
  'node/index.ts',
  'quorum/quorum.ts',
  'sim/simulation.ts',
  'wire/field-spans.ts',
]

test('each file is imported by another one or is an entry point; files that only tests use are in broker/test', () => {
  const used = new Set(sources.flatMap(({ imports }) => imports))
  const unused = sources.map(({ path }) => path).filter((path) => !used.has(path))
  expect(unused).toEqual(ENTRIES)
})

describe('the core', () => {
  test('imports nothing from outside', () => {
    expect(core.flatMap(({ path, foreign }) => foreign.map((name) => `${path} -> ${name}`))).toEqual([])
  })

  test('CORE-1, CORE-2: has no clock, random numbers, timers, promises or platform of its own', () => {
    // A property of that name is allowed: `record.process`, `{ performance: 1 }`.
    const words =
      /(?<![.\w$])(?:(?:async|await)\b|(?:Buffer|process|Date|Promise|setTimeout|setInterval|setImmediate|queueMicrotask|performance|crypto|require|globalThis)(?=\s*[.(<]))|\bMath\.random\b/g
    const found = core.flatMap(({ path, code }) =>
      code
        .split('\n')
        .flatMap((line) => (line.match(words) ?? []).map((word) => `${path}: ${word} in ${line.trim()}`)),
    )
    expect(found).toEqual([])
  })
})

describe('a file', () => {
  const linesOf = new Map(sources.map(({ path, text }) => [path, text.split('\n').length - 1]))
  const linesMaxOf = (path: string): number =>
    STATE_MACHINES.includes(path) ? STATE_MACHINE_LINES_MAX : (TOO_LONG[path] ?? LINES_MAX)

  test(`has at most ${LINES_MAX} lines; a state machine that is named has ${STATE_MACHINE_LINES_MAX}`, () => {
    const long = [...linesOf].filter(([path, lines]) => lines > linesMaxOf(path))
    expect(long.map(([path, lines]) => `${path}: ${lines} lines, may have ${linesMaxOf(path)}`)).toEqual([])
  })

  test('on a list of long files exists, and is long', () => {
    const listed = [...STATE_MACHINES, ...Object.keys(TOO_LONG)]
    expect(listed.filter((path) => (linesOf.get(path) ?? 0) <= LINES_MAX)).toEqual([])
  })

  test('begins with a head comment', () => {
    const silent = sources.filter(({ text }) => !/^(?:#!.*\n)?\/\*\*/.test(text))
    expect(silent.map(({ path }) => path)).toEqual([])
  })
})
