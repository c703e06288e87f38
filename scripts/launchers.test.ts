/**
 * What the launchers decide before anything is installed: is it, which language, which ports, which Node.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { heapFlags, heapLimitMb } from './heap-limit.mjs'
import { matches } from './installed.mjs'
import { atLeast } from './pinned-node.mjs'
import { rememberLanguage } from './progress-file.mjs'
import { portTrouble, readStartOptions } from './start-options.mjs'
import { languageAsked, languageOf, wordsIn } from './words.mjs'

describe('is what is locked installed?', () => {
  const kafkajs = { version: '2.2.4', integrity: 'sha512-a' }
  const locked = {
    '': { version: '0.1.0' },
    broker: { version: '0.1.0' },
    'node_modules/kafkajs': kafkajs,
    'node_modules/@esbuild/win32-x64': { version: '0.28.2', integrity: 'sha512-b', optional: true },
  }

  it('INSTALLED-2: yes, if only another platform’s binaries are missing', () => {
    expect(matches(locked, { 'node_modules/kafkajs': kafkajs })).toBe(true)
  })

  it('INSTALLED-2: no, if a package is missing or another version of it is there', () => {
    expect(matches(locked, {})).toBe(false)
    expect(matches(locked, { 'node_modules/kafkajs': { ...kafkajs, version: '2.2.3' } })).toBe(false)
    expect(matches(locked, { 'node_modules/kafkajs': { ...kafkajs, integrity: 'sha512-c' } })).toBe(false)
  })

  it('no, after an install that did not come to its end: npm had nothing to say about it yet', () => {
    expect(matches(locked, undefined)).toBe(false)
  })
})

describe('the heap of the broker', () => {
  const GB = 2 ** 30

  it('may be half of the memory that there is, and two gigabytes at most', () => {
    expect(heapLimitMb(8 * GB, 0)).toBe(2048)
    expect(heapLimitMb(2 * GB, 2 ** 64)).toBe(1024)
    expect(heapLimitMb(64 * GB, GB)).toBe(512)
    expect(heapLimitMb(GB / 4, undefined)).toBe(192)
  })

  it('is not changed if the user has set it', () => {
    expect(heapFlags({}, [])).toEqual([`--max-old-space-size=${heapLimitMb()}`])
    expect(heapFlags({ NODE_OPTIONS: '--max_old_space_size=99' }, [])).toEqual([])
    expect(heapFlags({}, ['--max-old-space-size=99'])).toEqual([])
  })
})

describe('the language', () => {
  it('is the locale’s, in the order of POSIX', () => {
    expect(languageOf({ LANG: 'ru_RU.UTF-8' })).toBe('ru')
    expect(languageOf({ LC_MESSAGES: 'ru', LANG: 'en_US.UTF-8' })).toBe('ru')
    expect(languageOf({ LC_ALL: 'C.UTF-8', LANG: 'ru_RU.UTF-8' })).toBe('en')
    expect(languageOf({ LANG: 'run_BI' })).toBe('en')
  })

  it('is the asked one before that', () => {
    expect(readStartOptions(['--lang', 'en'], { LANG: 'ru_RU.UTF-8' }, '/x').options.language).toBe('en')
  })

  it('is remembered by `npm start` and `npm run lab` alike, and the asked one is before the remembered one', () => {
    const home = mkdtempSync(path.join(os.tmpdir(), 'offset-zero-language-'))
    const env = { LANG: 'en_US.UTF-8', OFFSET_ZERO_LAB_HOME: home }
    expect(readStartOptions([], env, '/x').options.language).toBe('en')
    rememberLanguage('ru', env)
    expect(readStartOptions([], env, '/x').options.language).toBe('ru')
    expect(readStartOptions(['--lang=en'], env, '/x').options).toMatchObject({
      language: 'en',
      isLanguageChosen: true,
    })
    expect(languageAsked(['node', 'launch.mjs', 'check', '--lang', 'en'])).toBe('en')
    rmSync(home, { recursive: true })
  })

  it('both have the same messages, and the Russian ones are in Russian', () => {
    const texts = (words: object) => Object.entries(words).map(([key, word]) => [key, typeof word])
    expect(texts(wordsIn('ru'))).toEqual(texts(wordsIn('en')))
    for (const word of Object.values(wordsIn('ru'))) expect(String(word)).toMatch(/[а-яё]{3}/i)
  })
})

describe('the options of npm start', () => {
  const read = (...args: string[]) =>
    readStartOptions(args, { LANG: 'C', INIT_CWD: '/here', OFFSET_ZERO_LAB_HOME: '/nowhere' }, '/repository')

  it('are Kafka’s port, the site’s port and a folder in the checkout, unless said otherwise', () => {
    expect(read().options).toEqual({
      port: 9092,
      sitePort: 3000,
      data: '/repository/.offset-zero/data',
      language: 'en',
      isLanguageChosen: false,
      site: true,
    })
    expect(read('--port=9192', '--site-port', '3100', '--data', 'mine', '--no-site').options).toEqual({
      port: 9192,
      sitePort: 3100,
      data: '/here/mine',
      language: 'en',
      isLanguageChosen: false,
      site: false,
    })
  })

  it('are refused in one line when they make no sense', () => {
    expect(read('--porf', '1').error).toContain('--porf. Did you mean --port?')
    expect(read('--port', '70000').error).toContain('70000')
    expect(read('--port').error).toContain('--port')
    expect(read('--lang', 'de').error).toContain('de')
    expect(read('--port', '3000').error).toContain('--site-port')
    expect(read('--lang', 'ru', '--porf').error).toContain('Неизвестный')
  })
})

describe('a taken port', () => {
  it('is named with the option that changes it, and a port that is free', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const options = { ...readStartOptions([], {}, '/x').options, port, language: 'ru' as const, site: false }
    const line = (await portTrouble(options)) ?? ''
    other.close()
    expect(line).toContain(`Порт ${port}`)
    expect(line).toMatch(/--port \d+$/)
    expect(line).not.toMatch(new RegExp(`--port ${port}$`))
    expect(line).not.toContain('\n')
  })
})

describe('the machine’s own Node', () => {
  it('is compared by numbers, not by text', () => {
    expect(atLeast('20.19.0', '20.19.0')).toBe(true)
    expect(atLeast('24.1.0', '20.19.0')).toBe(true)
    expect(atLeast('20.9.0', '20.19.0')).toBe(false)
    expect(atLeast('9.99.99', '20.19.0')).toBe(false)
  })
})

/** A file of scripts/ and all that it imports. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  const source = readFileSync(path.join(import.meta.dirname, file), 'utf8')
  for (const [, from, bare] of source.matchAll(
    /^(?:import|export) [^'(]*from '([^']+)'|^import '([^']+)'/gm,
  )) {
    const name = (from ?? bare)!
    if (seen.has(name)) continue
    seen.add(name)
    if (name.startsWith('.')) importsOf(name, seen)
  }
  return seen
}

it('CLOSEST-1, INSTALLED-1, INSTALL-LOCK-4, PINNED-NODE-1, PROGRESS-FILE-4: what runs before anything is installed needs nothing that is', () => {
  const first = ['closest.mjs', 'installed.mjs', 'install-lock.mjs', 'pinned-node.mjs', 'progress-file.mjs']
  for (const file of first) {
    const foreign = [...importsOf(file)].filter((name) => !/^(node:|\.\/[\w-]+\.mjs$)/.test(name))
    expect(foreign, file).toEqual([])
  }
  expect([...importsOf('pinned-node.mjs')]).toContain('node:child_process')
})

describe('PINNED-NODE-2: the program that is run', () => {
  const launcher = pathToFileURL(path.join(import.meta.dirname, 'pinned-node.mjs')).href
  const start = (program: string) => {
    // As on a machine whose own Node is another one, which then starts the pinned one.
    const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })
      const { runOnPinnedNode } = await import('${launcher}')
      await runOnPinnedNode(process.argv[1], [], {})`
    return spawn(process.execPath, ['--input-type=module', '-e', code, program])
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'offset-zero-program-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const programOf = (name: string, source: string): string => {
    writeFileSync(path.join(folder, name), source)
    return path.relative(path.join(import.meta.dirname, '..'), path.join(folder, name))
  }

  it('gives its exit code', async () => {
    const [code] = await once(start(programOf('seven.mjs', 'process.exit(7)')), 'exit')
    expect(code).toBe(7)
  })

  it('gets a signal', async () => {
    const source = `process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); console.log('up')`
    const child = start(programOf('waits.mjs', source))
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(9)
  })
})
