/**
 * The repository as others clone it: it contains nothing of the machine on which it was written, it can be installed
 * anywhere, and its front page has the same contents in both languages.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

/** Files under version control; without git (an unpacked archive) there is nothing to look at. */
function trackedFiles(): string[] {
  if (!existsSync(path.join(root, '.git'))) return ['package.json', 'package-lock.json']
  const list = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })
  return list.split('\0').filter((file) => file !== '' && existsSync(path.join(root, file)))
}

const textFiles = trackedFiles().filter((file) => !/\.(png|ico|woff2?|log|index|timeindex)$/.test(file))

/** Lines that match, as `file:line: text`. */
function linesWith(pattern: RegExp, files: readonly string[]): string[] {
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim().slice(0, 120)}`] : [])),
  )
}

describe('nothing depends on one machine', () => {
  it('no tracked file names a folder of the development machine', () => {
    expect(
      linesWith(/(^|[\s"'`(=:])\/(?:work|root)\/|\/tmp\/oz\b|\/home\/(?!appuser)[a-z]+\//, textFiles),
    ).toEqual([])
  })

  it('no tracked file names a host of a private network', () => {
    const privateHost =
      /https?:\/\/(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[\w-]+\.(?:internal|local|corp|lan)\b|[\w-]+:\d+\/(?:api\/)?npm)/
    expect(linesWith(privateHost, textFiles)).toEqual([])
  })

  it('built and installed files are not tracked', () => {
    const made = /(^|\/)(node_modules|dist|build|\.docusaurus|\.offset-zero)\//
    expect(trackedFiles().filter((file) => made.test(file))).toEqual([])
  })
})

interface LockEntry {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

describe('the lockfile installs anywhere', () => {
  const entries = Object.entries(JSON.parse(read('package-lock.json')).packages as Record<string, LockEntry>)
  const nameOf = (folder: string) =>
    folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)

  it('no package is bound to a registry, and each has its checksum', () => {
    const packages = entries.filter(([folder, entry]) => folder.includes('node_modules/') && !entry.link)
    expect(packages.length).toBeGreaterThan(100)
    expect(packages.filter(([, entry]) => entry.resolved !== undefined).map(([folder]) => folder)).toEqual([])
    expect(packages.filter(([, entry]) => !entry.integrity).map(([folder]) => folder)).toEqual([])
  })

  // When npm writes the lockfile, it silently drops an optional package that it can't find. The next `npm ci` on that
  // platform then refuses the lockfile.
  it('it contains the binaries of all platforms', () => {
    const names = new Set(entries.map(([folder]) => nameOf(folder)))
    const missing = entries.flatMap(([folder, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !names.has(name))
        .map((name) => `${folder} wants ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('every install script is allowed or denied by name', () => {
    const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> }
    const withScript = entries.filter(([, entry]) => entry.hasInstallScript).map(([folder]) => nameOf(folder))
    // fsevents is for macOS; it contains a binary, and npm builds nothing.
    expect(withScript.filter((name) => name !== 'fsevents' && !(name in allowScripts))).toEqual([])
  })

  it('every dependency in a package.json has an exact version', () => {
    const loose = ['package.json', 'broker/package.json', 'labs/package.json', 'docs/package.json'].flatMap(
      (file) => {
        const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(file)) as LockEntry
        return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
          .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
          .map(([name, version]) => `${file}: ${name} ${version}`)
      },
    )
    expect(loose).toEqual([])
  })
})

describe('README.md and README.ru.md', () => {
  const english = read('README.md')
  const russian = read('README.ru.md')
  const headings = (text: string) => text.match(/^#+(?= )/gm)
  const code = (text: string) => text.match(/^```[\s\S]*?^```/gm)
  const links = (text: string) => [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1])
  const localLinks = (text: string) =>
    links(text).filter((link) => !link?.startsWith('http') && !/^README/.test(link ?? ''))

  it('have the same headings, code and links', () => {
    expect(headings(russian)).toEqual(headings(english))
    expect(code(russian)).toEqual(code(english))
    expect(localLinks(russian).toSorted()).toEqual(localLinks(english).toSorted())
  })

  it('name existing folders and npm scripts only', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const run = [...english.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '')
    expect(run.filter((name) => !(name in scripts))).toEqual([])
    const paths = [
      ...localLinks(english),
      ...[...english.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]),
    ]
    expect(paths.filter((name) => !existsSync(path.join(root, name ?? '')))).toEqual([])
  })
})
