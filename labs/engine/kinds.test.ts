import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findLab, inRepository, solutionsFolder } from './catalog.ts'
import { Session } from './grader.ts'
import { settledSource } from './judge/load.ts'
import type { LabText } from './lab.ts'

// What a verdict says of each kind of failure: the call with its arguments, the learner's line, and nothing of another
// failure. Programs are the solutions with one thing changed.
const folder = mkdtempSync(join(inRepository('labs'), '.kinds-'))
const sessions = new Map<string, Session>()
afterAll(() => {
  for (const session of sessions.values()) session.stop()
  rmSync(folder, { recursive: true, force: true })
})

let count = 0
const write = (source: string, name = `program-${++count}.ts`) => {
  const file = join(folder, name)
  writeFileSync(file, source)
  return file
}

async function judge(id: string, source: string, only?: readonly string[], callMs?: number) {
  const lab = findLab(id) as LabText
  const session = sessions.get(id) ?? new Session(lab, { patienceMs: 8_000 })
  sessions.set(id, session)
  const verdict = await session.check(write(source), 77, {
    beliefs: true,
    ...(only === undefined ? {} : { only }),
    ...(callMs === undefined ? {} : { callMs }),
  })
  const of = (test: string) => {
    const result = verdict.tests.find((one) => one.id === test)
    if (result === undefined) throw new Error(`${test} has no result: ${JSON.stringify(verdict.trouble)}`)
    return result
  }
  return { verdict, of }
}

const solutionOf = (id: string) =>
  readFileSync(inRepository(`${solutionsFolder(findLab(id) as LabText)}/solution.ts`), 'utf8')
const log = solutionOf('03')
const changed = (from: string | RegExp, to: string, source = log) => {
  const result = source.replace(from, to)
  if (result === source) throw new Error(`nothing to change: ${String(from)}`)
  return result
}

describe('a verdict is about this failure', { timeout: 120_000 }, () => {
  it('a promise where a value is due', async () => {
    const { of } = await judge('03', changed('append(batch, count) {', 'async append(batch, count) {'))
    expect(of('append-offsets')).toMatchObject({
      kind: 'wrong-type',
      call: expect.stringMatching(/^append\(</),
    })
    expect(of('append-offsets').says?.en).toMatch(
      /^append\(<.*\) returned a promise; expected at once: a number/,
    )
    expect(of('append-offsets').why?.en).toContain('async')
  })

  it('nothing where a value is due', async () => {
    const { of, verdict } = await judge('03', changed('return base\n', '\n'))
    expect(of('append-offsets')).toMatchObject({ kind: 'missing-return' })
    expect(of('append-offsets').says?.ru).toMatch(/^append\(<.*\) ничего не вернул \(undefined\)/)
    expect(verdict.explained).toBe('append-offsets')
  })

  it('another type', async () => {
    const { of } = await judge('03', changed('return found\n', 'return found.length\n'))
    expect(of('read-base')).toMatchObject({ kind: 'wrong-type' })
    expect(of('read-base').says?.en).toMatch(/^read\(\d+, \d+\) returned \d; expected: an array/)
  })

  it('an error names the call with its arguments and the learner’s line, and gets no advice about something else', async () => {
    const { of } = await judge('03', changed('let size = 0', 'let size = nothing + 0'))
    const result = of('read-base')
    expect(result).toMatchObject({ kind: 'threw', where: expect.stringMatching(/^program-\d+\.ts:\d+:\d+$/) })
    expect(result.says?.en).toMatch(
      /^read\(\d+, \d+\) threw an error: ReferenceError: nothing is not defined/,
    )
    expect(result.frames?.[0]).toMatch(/read \(.*program-\d+\.ts:\d+:\d+\)$/)
    expect([result.why, result.try]).toEqual([undefined, undefined])
  })

  it('memory that runs out, named as that and not as a loop', async () => {
    const greedy =
      'const hoard: number[][] = []\n      for (;;) hoard.push(new Array(20_000_000).fill(hoard.length))\n      const found'
    const { of } = await judge('03', changed('const found', greedy), ['read-end'])
    expect(of('read-end')).toMatchObject({
      kind: 'crash',
      says: { en: expect.stringContaining('memory ran out') },
    })
  })

  it('one array for all answers: what a caller still holds changes under it', async () => {
    const shared = changed('const found: Uint8Array[] = []', 'found.length = 0').replace(
      'let end = startOffset',
      'let end = startOffset\n  const found: Uint8Array[] = []',
    )
    const { verdict, of } = await judge('03', shared)
    expect(of('copy-out')).toMatchObject({ status: 'failed' })
    expect(verdict.tests.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual([
      'copy-out',
    ])
  })

  it('a list that a caller wrote into comes again: the caller is named, not the type', async () => {
    const shared = changed(
      'const found: Uint8Array[] = []',
      'if (offset === end) return nothing\n      $&',
    ).replace('export function createLog', 'const nothing: Uint8Array[] = []\n\n$&')
    const { of } = await judge('03', shared, ['copy-out', 'read-end'])
    expect(of('read-end')).toMatchObject({ kind: 'answer-shared' })
    expect(of('read-end').says?.en).toMatch(/^read\(\d+, \d+\) returned \[ \d+\.5 \]\. .*by the caller/)
  })

  it('an argument that was changed is named with the place in it', async () => {
    const source = changed(
      'if (message.key == null)',
      "if (typeof message.key === 'string') message.key = Buffer.from(message.key)\n    $&",
      solutionOf('02'),
    )
    const { of } = await judge('02', source, ['string-key', 'given'])
    expect(of('given')).toMatchObject({ kind: 'argument-changed' })
    expect(of('given').says?.en).toContain('argument no. 1, `message.key`')
  })

  it('right once and wrong once on the same inputs: the dice are named', async () => {
    const flag = JSON.stringify(join(folder, 'flag'))
    const again = `const isAgain = existsSync(${flag})\nwriteFileSync(${flag}, '')`
    const source = `import { existsSync, writeFileSync } from 'node:fs'\n${again}\n${changed(
      'if (offset > end)',
      'if (offset === end && Math.random() < 2 && isAgain) return [new Uint8Array(9)]\n      if (offset > end)',
    )}`
    const { of } = await judge('03', source, ['read-end'])
    expect(of('read-end')).toMatchObject({ kind: 'not-repeatable' })
    expect(of('read-end').says?.en).toContain('Math.random')
  })

  it('a call that never ends is named with its arguments and with what the client did', async () => {
    const never = 'await admin.fetchTopicOffsets(topic)\n    await new Promise<never>(() => {})'
    const source = changed('await admin.fetchTopicOffsets(topic)', never, solutionOf('01'))
    const { of } = await judge('01', source, ['describe-partitions'], 3_000)
    expect(of('describe-partitions')).toMatchObject({ kind: 'timeout' })
    expect(of('describe-partitions').says?.en).toMatch(
      /^describeTopic\(kafka, '.+'\) did not finish within 3 s/,
    )
    expect(of('describe-partitions').did?.en).toContain('ListOffsets')
    expect(of('describe-partitions').output).toBeUndefined()
  })
})

describe('the belief behind a failure', { timeout: 120_000 }, () => {
  const unwritten = ['partitionForKey', 'createPartitioner', 'movedKeys']
    .map((name) => `export function ${name}(): never {\n  throw new Error('not implemented: ${name}')\n}`)
    .join('\n')
  const murmur2Of = (file: string) => {
    const source = readFileSync(inRepository(`solutions/02-keys-and-partitions/${file}.ts`), 'utf8')
    const from = source.indexOf('const seed')
    const to = source.indexOf('export function partitionForKey')
    const rest = source.slice(source.indexOf('function byteAt'))
    return `${source.slice(from, to)}\n${source.includes('function byteAt') ? rest : ''}\n${unwritten}`
  }

  it('is told when a known wrong program gives the same outputs, also while other functions are unwritten', async () => {
    const { verdict, of } = await judge('02', murmur2Of('wrong/tail-reversed'))
    expect(of('key-positive').kind).toBe('not-implemented')
    expect(of(verdict.explained ?? '').belief?.file).toBe(
      'solutions/02-keys-and-partitions/wrong/tail-reversed.ts',
    )
  })

  it('is not told of a mistake that no known program makes', async () => {
    const { verdict, of } = await judge('02', murmur2Of('solution').replace('h ^= h >>> 13', 'h ^= h >>> 14'))
    expect(of(verdict.explained ?? '')).toMatchObject({ status: 'failed' })
    expect(of(verdict.explained ?? '').belief).toBeUndefined()
  })
})

describe('a learner’s file', { timeout: 120_000 }, () => {
  it('may hold all the TypeScript that tsx takes: enums, decorators, imports with and without extension', async () => {
    write('export const one = 1\n', 'with.ts')
    write(
      'export enum Size { Empty, Full }\nexport namespace Words { export const none = "" }\n',
      'without.ts',
    )
    const { verdict } = await judge(
      '03',
      `import { one } from './with.ts'
import { Size, Words } from './without'
function sealed<T extends abstract new (...args: never[]) => object>(value: T, _context: ClassDecoratorContext): T { return value }
@sealed
class Box { constructor(private readonly size: Size, readonly name = Words.none) {} get isFull() { return this.size === Size.Full } }
if (new Box(Size.Empty).isFull || one !== 1) throw new Error('TypeScript is not what it was')
${log}`,
    )
    expect(verdict).toMatchObject({ outcome: 'passed' })
  })

  it('is waited for while an editor truncates it and then writes it', async () => {
    const file = write('')
    const read = settledSource(file)
    setTimeout(() => writeFileSync(file, log), 90)
    expect(await read).toBe(log)
  })

  it('is told what each check has printed, and how much was left out', async () => {
    const { of, verdict } = await judge(
      '03',
      changed(
        'const batches',
        `console.log('x'.repeat(30_000))\n  process.stderr.write('end')\n  const batches`,
      ),
      ['read-base', 'read-end'],
    )
    expect(of('read-base').output).toMatch(/^x{20000}$/)
    expect(of('read-base').outputCut).toBe(10_004)
    expect(verdict.output).toBe('')
  })
})
