/** Which node a data folder belongs to, and which process uses it. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dice } from '../core-of-node.ts'
import { DataFolderError, openDataFolder } from './data-folder.ts'
import { lockFile } from './system-lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (...nodeIds: number[]) => openDataFolder(folder, nodeIds, dice)
const lockOf = (owner: unknown): void => writeFileSync(join(folder, '.lock'), JSON.stringify(owner))

describe('the lock', () => {
  test('FOLDER-LOCK-3: a folder can be opened only once at a time', () => {
    const first = open(1)
    expect(() => open(1)).toThrow(DataFolderError)
    expect(() => open(1)).toThrow(`in use by a broker of this process (${process.pid})`)
    first.unlock()
    open(1).unlock()
    expect(readdirSync(folder)).toEqual(['meta.properties'])
  })

  test('FOLDER-LOCK-2: a running process holds the lock; a killed one does not', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await new Promise((resolve) => other.once('spawn', resolve))
    lockOf({ pid: other.pid, born: '' })
    expect(() => open(1)).toThrow(`in use by another broker, process ${other.pid}`)
    other.kill('SIGKILL')
    await new Promise((resolve) => other.once('exit', resolve))
    open(1).unlock()
  })

  test('a lock with a reused process id is free: the start times differ', () => {
    lockOf({ pid: 1, born: 'another boot of this machine/42' })
    if (!birthIsKnown()) return
    open(1).unlock()
  })

  test('in a container every broker has the same process id: a lock with our own id is stale', () => {
    lockOf({ pid: process.pid, born: 'before the restart/1' })
    open(1).unlock()
  })

  test.runIf(process.platform === 'linux')('a zombie process holds no lock', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'])
    const child = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (line) => resolve(`${line}`)),
    )
    const isZombie = () => / Z /.test(readFileSync(`/proc/${child.trim()}/stat`, 'utf8'))
    while (!isZombie()) await new Promise((resolve) => setTimeout(resolve, 5))
    lockOf({ pid: Number(child), born: '' })
    open(1).unlock()
    parent.kill('SIGKILL')
  })

  /** A process that tries to take Kafka's lock, prints the result, and runs until it is killed. */
  async function locker() {
    const module = new URL('./system-lock.ts', import.meta.url).href
    const script = `import { lockFile } from '${module}'
      const lock = lockFile(process.argv[1])
      console.log(typeof lock === 'string' ? lock : 'held')
      setInterval(() => {}, 1000)`
    const loader = process.features.typescript ? [] : ['--import', 'tsx']
    const args = [...loader, '--input-type=module-typescript', '-e', script, join(folder, '.lock')]
    const child = spawn(
      process.execPath,
      process.features.typescript ? args : args.with(2, '--input-type=module'),
    )
    const said = await new Promise<string>((done) =>
      child.stdout.once('data', (line) => done(`${line}`.trim())),
    )
    return { child, said }
  }

  test.runIf(canLock())(
    'SYSTEM-LOCK-1: a process that holds Kafka’s own lock blocks the broker until it exits',
    async () => {
      writeFileSync(join(folder, '.lock'), '')
      const { child, said } = await locker()
      expect(said).toBe('held')
      expect(() => open(1)).toThrow('in use by another process, which locks')
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('exit', resolve))
      open(1).unlock()
    },
  )

  test.runIf(canLock())(
    'SYSTEM-LOCK-1: while the broker uses the folder, no other process gets Kafka’s own lock',
    async () => {
      const first = open(1)
      const { child, said } = await locker()
      child.kill('SIGKILL')
      expect(said).toBe('taken')
      first.unlock()
      expect(readdirSync(folder)).toEqual(['meta.properties'])
    },
  )

  test('the empty .lock file that Kafka leaves behind locks nothing', () => {
    writeFileSync(join(folder, '.lock'), '')
    open(1).unlock()
  })

  test('DATA-FOLDER-2: if one folder is in use, none stays locked', () => {
    const second = join(folder, 'node-2')
    mkdirSync(second)
    const elsewhere = openDataFolder(second, [2], dice)
    expect(() => open(1, 2)).toThrow('node-2 is in use')
    elsewhere.unlock()
    open(1, 2).unlock()
  })
})

/** Whether system locks work here. */
function canLock(): boolean {
  const aside = mkdtempSync(join(tmpdir(), 'data-folder-'))
  try {
    writeFileSync(join(aside, '.lock'), '')
    const lock = lockFile(join(aside, '.lock'))
    if (typeof lock !== 'string') lock.unlock()
    return typeof lock !== 'string'
  } finally {
    rmSync(aside, { recursive: true })
  }
}

/** The start time of a process is known only where there is a /proc. */
function birthIsKnown(): boolean {
  try {
    return readFileSync('/proc/1/stat').length > 0
  } catch {
    return false
  }
}

describe('meta.properties', () => {
  test('a new folder is formatted; it keeps its cluster id', () => {
    const first = open(1)
    first.unlock()
    const again = open(1)
    again.unlock()
    expect(first.clusterId).toMatch(/^[\w-]{22}$/)
    expect(again.clusterId).toBe(first.clusterId)
    expect(readFileSync(join(folder, 'meta.properties'), 'utf8')).toContain(`cluster.id=${first.clusterId}`)
  })

  test('several nodes have one folder each, and share one cluster id', () => {
    open(1, 2, 3).unlock()
    expect(readdirSync(folder).sort()).toEqual(['node-1', 'node-2', 'node-3'])
    const ids = [1, 2, 3].map(
      (id) => /cluster.id=(.*)/.exec(readFileSync(join(folder, `node-${id}`, 'meta.properties'), 'utf8'))![1],
    )
    expect(new Set(ids).size).toBe(1)
  })

  test('DATA-FOLDER-1: the folder of another node is refused, and left unlocked', () => {
    open(1).unlock()
    expect(() => open(2)).toThrow('belongs to node 1, and this is node 2 (node.id)')
    open(1).unlock()
  })

  test('DATA-FOLDER-1: folders of two clusters are not mixed', () => {
    openDataFolder(join(folder, 'node-1'), [1], dice).unlock()
    openDataFolder(join(folder, 'node-2'), [2], dice).unlock()
    expect(() => open(1, 2)).toThrow('belongs to cluster')
  })

  test('the number of brokers may not shrink: some partitions would have no leader', () => {
    open(1, 2, 3).unlock()
    expect(() => open(1)).toThrow('start it with --brokers 3')
    expect(() => open(1, 2)).toThrow('start it with --brokers 3')
    open(1, 2, 3, 4).unlock()
  })

  test('the folder of one broker is refused for several', () => {
    open(1).unlock()
    expect(() => open(1, 2)).toThrow('start it with --brokers 1')
  })

  test('a file is refused', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => openDataFolder(join(folder, 'file'), [1], dice)).toThrow('it is a file, or is inside a file')
    expect(() => openDataFolder(join(folder, 'file', 'below'), [1], dice)).toThrow(
      'it is a file, or is inside a file',
    )
  })
})

describe('DATA-FOLDER-3: a folder with other files', () => {
  const names = (): string[] => readdirSync(folder, { recursive: true }).map(String).sort()

  test.each([
    'photos-2023/a.jpg',
    'notes.txt',
    'node-1/project.json',
    '.bashrc',
    'orders-0/00000000000000000000.log',
  ])('with %s in it is refused, and nothing in it is changed', (file) => {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), 'mine')
    const before = names()
    for (const ids of [[1], [1, 2, 3]]) {
      expect(() => open(...ids)).toThrow(DataFolderError)
      expect(() => open(...ids)).toThrow(
        /neither empty nor a data folder: it has "[^"]+", and no meta.properties/,
      )
    }
    expect(names()).toEqual(before)
  })

  test('files of file systems, desktops and a killed start do not count', () => {
    mkdirSync(join(folder, 'lost+found'))
    for (const name of ['.DS_Store', '.gitignore', '.lock', '.lock.4711', 'meta.properties.tmp'])
      writeFileSync(join(folder, name), '')
    open(1).unlock()
    open(1).unlock()
    mkdirSync(join(folder, 'several', 'node-2'), { recursive: true })
    openDataFolder(join(folder, 'several'), [1, 2], dice).unlock()
  })

  test('a data folder may contain other files once it is formatted', () => {
    open(1).unlock()
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    open(1).unlock()
  })
})
