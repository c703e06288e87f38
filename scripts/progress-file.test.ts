import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeProgressFile, progressFile, readProgressFile } from './progress-file.mjs'

let env: NodeJS.ProcessEnv = {}
beforeEach(() => {
  env = { OFFSET_ZERO_LAB_HOME: mkdtempSync(path.join(os.tmpdir(), 'offset-zero-progress-')) }
})
afterEach(() => rmSync(env.OFFSET_ZERO_LAB_HOME ?? '', { recursive: true, force: true }))

const pass = () =>
  changeProgressFile((progress) => {
    progress.labs['02'] = { passedAt: '2026-01-01' }
  }, env)

describe('the progress file', () => {
  it('that is missing means no progress', () => {
    expect(readProgressFile(env)).toEqual({ progress: { labs: {} }, isBroken: false })
    pass()
    expect(readProgressFile(env).progress.labs['02']).toEqual({ passedAt: '2026-01-01' })
  })

  it.each([
    '',
    '{ "labs": { "02": {',
    '[]',
    'null',
    '{ "labs": [] }',
    '{ "labs": { "02": 1 } }',
    '{ "lang": "fr", "labs": {} }',
  ])('PROGRESS-FILE-1: that is broken (%s) is renamed', (text) => {
    writeFileSync(progressFile(env), text)
    expect(readProgressFile(env)).toEqual({ progress: { labs: {} }, isBroken: true })
    const { keptAs = '' } = pass()
    expect(readFileSync(keptAs, 'utf8')).toBe(text)
    expect(readProgressFile(env).progress.labs).toHaveProperty('02')
  })

  it('PROGRESS-FILE-3: keeps fields of other versions', () => {
    writeFileSync(progressFile(env), '{ "labs": { "02": { "seconds": 7 } }, "theme": "dark" }')
    changeProgressFile((progress) => {
      progress.lang = 'ru'
    }, env)
    expect(JSON.parse(readFileSync(progressFile(env), 'utf8'))).toEqual({
      lang: 'ru',
      labs: { '02': { seconds: 7 } },
      theme: 'dark',
    })
  })

  it('PROGRESS-FILE-2: is not written if nothing changes, and leaves no other file', () => {
    changeProgressFile(() => {}, env)
    expect(readdirSync(env.OFFSET_ZERO_LAB_HOME ?? '')).toEqual([])
    pass()
    expect(readdirSync(env.OFFSET_ZERO_LAB_HOME ?? '')).toEqual(['.progress.json'])
  })

  it('a folder of that name is renamed too', () => {
    mkdirSync(progressFile(env))
    mkdirSync(`${progressFile(env)}/in-the-way`)
    const before = readdirSync(env.OFFSET_ZERO_LAB_HOME ?? '')
    expect(before).toEqual(['.progress.json'])
    expect(readProgressFile(env).isBroken).toBe(true)
    expect(readFileSync(pass().keptAs ? progressFile(env) : '', 'utf8')).toContain('passedAt')
  })
})
