import { describe, expect, it } from 'vitest'
import { parseArguments, UsageError } from './arguments.ts'

function refusal(line: string): UsageError {
  try {
    parseArguments(line.split(' ').filter(Boolean))
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error(`accepted: ${line}`)
}
const read = (line: string) => parseArguments(line.split(' ').filter(Boolean))

describe('the command line', () => {
  it('names labs by number, by name, or several at once', () => {
    expect(read('')).toMatchObject({ command: 'watch', labs: [] })
    expect(read('02')).toMatchObject({ command: 'watch', labs: ['02'] })
    expect(read('keys-and-partitions')).toMatchObject({ command: 'watch', labs: ['keys-and-partitions'] })
    expect(read('check 01 02 01')).toMatchObject({ command: 'check', labs: ['01', '02'] })
    expect(read('check 01 --seed=7 --lang ru')).toMatchObject({ seed: 7, lang: 'ru' })
    expect(read('check --help')).toMatchObject({ command: 'help' })
  })

  it('a mistyped word gets a guess: commands, options, labs', () => {
    expect(refusal('chekc').says.en).toContain('Did you mean check?')
    expect(refusal('check 01 --sede 1').says.en).toContain('Did you mean --seed?')
    expect(refusal('--lnag ru').says.ru).toContain('Может быть, --lang?')
    expect(refusal('keys').says.en).toContain('Did you mean keys-and-partitions?')
    expect(refusal('deploy').says.en).not.toContain('Did you mean')
  })

  it('an option that belongs to another command says to which', () => {
    expect(refusal('list --seed 5').says.en).toContain('goes with: watch, check, report')
    expect(refusal('hint 01 --give-up').says.ru).toContain('solution')
  })

  it.each([
    ['check --seed', 'needs a value'],
    ['check --seed --json', 'needs a value'],
    ['check --seed -1', 'cannot be -1'],
    ['check --seed 1e3', 'cannot be 1e3'],
    ['check --seed 99999999999', 'cannot be'],
    ['hint 01 --level 4', 'It takes: 1, 2, 3'],
    ['check 01 --bootstrap nowhere', 'host:port'],
    ['check 01 --bootstrap a:0', 'host:port'],
    ['check 01 --bootstrap a:1,b', 'host:port'],
    ['list --lang fr', 'ru, en'],
    ['hint 01 02', '01 02'],
    ['check 01 --docker --bootstrap a:1', 'exclude each other'],
    ['check --file x.ts', '--file x.ts'],
    ['check 01 02 --file x.ts', '--file x.ts'],
    ['report 01 --wrong-green x --misconception Big', 'kebab-case'],
  ])('%s is refused, and what would be right is said', (line, words) => {
    const { says } = refusal(line)
    expect(says.en).toContain(words)
    expect(says.ru).toMatch(/[а-яё]{3}/i)
    for (const text of Object.values(says)) expect(text).not.toMatch(/\{\w+\}/)
  })

  it('speaks the language that the same line asks for', () => {
    expect(refusal('chekc --lang ru').lang).toBe('ru')
  })

  it('takes several brokers, and IPv6', () => {
    expect(read('check 01 --bootstrap a:1,[::1]:9092').bootstrap).toBe('a:1,[::1]:9092')
  })
})
