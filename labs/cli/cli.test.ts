import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inRepository, labFolder, labs, solutionsFolder } from '../engine/catalog.ts'

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

function lab(args: string, locale = 'en_US.UTF-8') {
  const { LC_ALL: _all, LC_MESSAGES: _messages, FORCE_COLOR: _color, ...inherited } = process.env
  const env = { ...inherited, LANG: locale, OFFSET_ZERO_LAB_HOME: home, NO_COLOR: '1' }
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

  it('a wrong file is told what happened, why, what to try, and which belief it looks like', () => {
    const wrong = readFileSync(solution(2), 'utf8').replace('end += count', 'end += 1')
    writeFileSync(learnerFile(2), wrong)
    const { code, out } = lab('check 03 --seed 42')
    expect(code).toBe(1)
    expect(out).toContain('why: Offsets count records')
    expect(out).toContain('try: Remember endOffset')
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

  it('a Kafka that is not there is the environment’s fault: exit 3', () => {
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

  it('remembers the language once it was chosen', () => {
    lab('list --lang ru')
    expect(lab('list').out).toContain('не пройдена')
    lab('list --lang en')
    expect(lab('list', 'ru_RU.UTF-8').out).toContain('open')
  })
})
