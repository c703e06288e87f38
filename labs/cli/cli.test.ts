import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inRepository, labFolder, labs, solutionsFolder } from '../engine/catalog.ts'
import { wrongSolution } from './report.ts'

// The command line as a learner without a terminal sees it, on files and a progress of its own.
const home = mkdtempSync(join(tmpdir(), 'offset-zero-cli-'))
const learnerFile = (n: number) => join(home, labFolder(labs[n]!).replace('labs/', ''), labs[n]!.file)
const solution = (n: number) => inRepository(`${solutionsFolder(labs[n]!)}/solution.ts`)

beforeAll(() => {
  for (const [n, lab] of labs.entries()) {
    mkdirSync(join(learnerFile(n), '..'), { recursive: true })
    cpSync(inRepository(`${solutionsFolder(lab)}/starter.ts`), learnerFile(n))
  }
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

function lab(args: string, locale = 'en_US.UTF-8', more: NodeJS.ProcessEnv = {}) {
  const { LC_ALL: _all, LC_MESSAGES: _messages, FORCE_COLOR: _color, ...inherited } = process.env
  const env = {
    ...inherited,
    LANG: locale,
    OFFSET_ZERO_LAB_HOME: home,
    NO_COLOR: '1',
    INIT_CWD: undefined,
    ...more,
  }
  const run = spawnSync(
    process.execPath,
    [inRepository('labs/cli/main.ts'), ...args.split(' ').filter(Boolean)],
    { env, encoding: 'utf8' },
  )
  return { code: run.status, out: run.stdout, err: run.stderr }
}

describe('npm run lab', { timeout: 60_000 }, () => {
  it('alone, without a terminal: one check of the next open lab, exit 1, every function still to write', () => {
    const { code, out } = lab('')
    expect(code).toBe(1)
    expect(out).toContain('This is no terminal')
    expect(out).toContain('createTopic is not written yet')
    expect(out).toMatch(/where: labs\/01-first-record\/first-record\.ts:\d+:\d+/)
  })

  it('speaks the language of the locale', () => {
    expect(lab('list', 'ru_RU.UTF-8').out).toContain('не пройдена')
    expect(lab('list', 'de_DE.UTF-8').out).toContain('open')
  })

  it('gives the hints level by level, and each again when asked', () => {
    expect(lab('hint 02').out).toContain('Hint 1 of 3')
    expect(lab('hint 02').out).toContain('Hint 2 of 3')
    expect(lab('hint 02 --level 1').out).toContain('Hint 1 of 3')
    expect(lab('hint 02').out).toContain('Hint 3 of 3')
    expect(lab('hint 02').out).toContain('Hint 3 of 3')
  })

  it('keeps the solution back until green, or until given up', () => {
    expect(lab('solution 03')).toMatchObject({ code: 1, out: '' })
    expect(lab('solution 03 --give-up').out).toContain('export function createLog')
  })

  it('a right file passes with exit 0, is remembered, and opens the solution; the seed is the one asked for', () => {
    cpSync(solution(2), learnerFile(2))
    const { code, out } = lab('check 03 --seed 42 --json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ lab: '03', outcome: 'passed', seed: 42 })
    expect(lab('list').out).toMatch(/03 .*✓ passed/)
    expect(lab('solution 03').code).toBe(0)
  })

  it('LAB-EXPLAIN-1, FAILURES-1: a wrong file is told what happened, why, what to try, and which belief it looks like', () => {
    const wrong = readFileSync(solution(2), 'utf8').replace('end += count', 'end += 1')
    writeFileSync(learnerFile(2), wrong)
    const { code, out } = lab('check 03 --seed 42')
    expect(code).toBe(1)
    expect(out).toContain('why: Offsets number records')
    expect(out).toContain('author thinks: “Each append takes the next offset.”')
    expect(out).toContain('try: Add')
    expect(out).toContain('--seed 42')
  })

  it('reset puts the starter back and keeps a backup', () => {
    const mine = readFileSync(learnerFile(2), 'utf8')
    const { code, out } = lab('reset 03')
    expect(code).toBe(0)
    expect(readFileSync(learnerFile(2), 'utf8')).toContain('not implemented')
    const backup = /Your version: (\S+)/.exec(out)?.[1] ?? ''
    expect(existsSync(backup)).toBe(true)
    expect(readFileSync(backup, 'utf8')).toBe(mine)
    expect(lab('list').out).toMatch(/03 .*open/)
  })

  it('a starter that nobody has touched speaks the learner’s language; a file with work in it is left alone', () => {
    const starter = (name: string) =>
      readFileSync(inRepository(`solutions/01-first-record/${name}.ts`), 'utf8')
    writeFileSync(learnerFile(0), starter('starter'))
    lab('check 01 --lang ru')
    expect(readFileSync(learnerFile(0), 'utf8')).toBe(starter('starter.ru'))
    const mine = `${starter('starter.ru')}// mine\n`
    writeFileSync(learnerFile(0), mine)
    lab('check 01 --lang en')
    expect(readFileSync(learnerFile(0), 'utf8')).toBe(mine)
    lab('reset 01')
    expect(readFileSync(learnerFile(0), 'utf8')).toBe(starter('starter'))
  })

  it('VERDICT-4: a Kafka that is not there is the environment’s fault: exit 3', () => {
    const { code, out } = lab('check 01 --bootstrap 127.0.0.1:9')
    expect(code).toBe(3)
    expect(out).toContain('No Kafka answers at 127.0.0.1:9')
  })

  it('usage errors name the culprit and exit with 3', () => {
    for (const [args, word] of [
      ['chekc', 'chekc'],
      ['check 77', '77'],
      ['check 02 --sede 1', '--sede'],
      ['check 02 --seed x', 'x'],
      ['list --lang fr', 'fr'],
      ['check 01 --bootstrap nowhere', 'nowhere'],
    ]) {
      const { code, err } = lab(args ?? '')
      expect([args, code]).toEqual([args, 3])
      expect(err).toContain(word)
    }
  })

  it('checks several labs, each in its place', () => {
    cpSync(solution(2), learnerFile(2))
    cpSync(inRepository('solutions/02-keys-and-partitions/starter.ts'), learnerFile(1))
    const { code, out } = lab('check 03 02 --json')
    expect(code).toBe(1)
    const verdicts = JSON.parse(out) as { lab: string; outcome: string }[]
    expect(verdicts.map((verdict) => `${verdict.lab} ${verdict.outcome}`)).toEqual(['03 passed', '02 failed'])
  })

  it('the next hint is one for the check that failed last, once it has hints of its own', () => {
    const progress = () => JSON.parse(readFileSync(join(home, '.progress.json'), 'utf8'))
    expect(progress().labs['02'].lastFailed).toBe(Object.keys(labs[1]!.tests)[0])
    cpSync(solution(1), learnerFile(1))
    lab('check 02')
    expect(progress().labs['02'].lastFailed).toBeUndefined()
  })

  it('LAB-EXPLAIN-2: what a pipe gets holds no control codes, whatever the code printed', () => {
    const source = `${readFileSync(solution(2), 'utf8')}\nconsole.log('\\u001b[31mred\\u001b[2J and \\u0007')\n`
    writeFileSync(learnerFile(2), source)
    const { out } = lab('check 03')
    expect(out).toContain('[you] red and ·')
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  it('a broken progress file is kept, and a verdict is given all the same', () => {
    cpSync(solution(2), learnerFile(2))
    writeFileSync(join(home, '.progress.json'), '{ "labs": ')
    const { code, err } = lab('check 03')
    expect(code).toBe(0)
    const kept = /kept as (\S+),/.exec(err.replaceAll('\n', ' '))?.[1] ?? ''
    expect(readFileSync(kept, 'utf8')).toBe('{ "labs": ')
    expect(lab('list').out).toMatch(/03 .*✓ passed/)
  })

  it('files that cannot be checked are named: missing, or a folder', () => {
    expect(lab('check 03 --file no-such.ts')).toMatchObject({
      code: 3,
      err: 'There is no file no-such.ts.\n',
    })
    expect(lab(`check 03 --file ${home}`).err.replaceAll('\n', ' ')).toContain('is a folder, not a file')
  })

  it('running for real where nothing listens says what to start', () => {
    const { code, out } = lab('run 01 --bootstrap 127.0.0.1:9')
    expect(code).toBe(3)
    expect(out).toContain('Nothing answers at 127.0.0.1:9.')
  })

  it('--docker without Docker says what to do', () => {
    const { code, err } = lab('check 01 --docker', 'ru_RU.UTF-8', { PATH: '/nowhere' })
    expect(code).toBe(3)
    expect(err).toContain('команды `docker` на этой машине нет')
  })

  it('a program that the checks reject is no wrong green, and nothing is written', () => {
    const folder = inRepository('solutions/03-append-only-log/wrong')
    const before = readdirSync(folder)
    const wrong = `${folder}/${before[0]}`
    const { code, err } = lab(`report 03 --wrong-green ${wrong} --misconception no-such --seed 5`)
    expect(code).toBe(1)
    expect(err).toContain('rejects this program')
    expect(readdirSync(folder)).toEqual(before)
  })

  it('a wrong green becomes a wrong solution: tag first, seed named, texts quoted', () => {
    const source = 'export const a = 1\n'
    const text = wrongSolution(source, 'no-end', 7, { belief: "It's \\ so.", beliefRu: 'Так.' })
    expect(text).toContain('--seed 7')
    expect(text).toContain("misconception: 'no-end'")
    expect(text).toContain("en: 'It\\'s \\\\ so.'")
    expect(text.endsWith(source)).toBe(true)
    expect(wrongSolution(text, 'again', 8, {}).match(/const wrong/g)).toHaveLength(1)
  })

  it('remembers the language once it was chosen', () => {
    lab('list --lang ru')
    expect(lab('list').out).toContain('не пройдена')
    lab('list --lang en')
    expect(lab('list', 'ru_RU.UTF-8').out).toContain('open')
  })
})
