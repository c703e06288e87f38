/** The Java programs of the pages are run as a reader runs them, by Maven, against our broker. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningBroker, startBroker } from '../../../src/node/index.ts'
import { findKafkaTools } from '../../kafka-tools.ts'

const EXAMPLES = join(import.meta.dirname, '../../../../docs/examples')
const WAIT_MS_MAX = 180_000
const tools = findKafkaTools()
const maven = findMaven()
if ('missing' in tools || !maven)
  console.log(`the Java programs of the pages are left out: ${'missing' in tools ? tools.missing : 'no mvn'}`)

function findMaven(): boolean {
  try {
    execFileSync('mvn', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf('missing' in tools || !maven)('the Java programs of the pages', () => {
  let broker: RunningBroker
  let folder: string
  const children: ChildProcess[] = []

  beforeAll(async () => {
    broker = await startBroker()
    folder = mkdtempSync(join(tmpdir(), 'offset-zero-pages-'))
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await broker?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A program that runs; `printed` is its stdout so far. */
  function start(command: string, ...words: string[]) {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    return { printed: () => out, isOver: () => child.exitCode !== null }
  }

  const byMaven = (project: string, args: string) =>
    start('mvn', '-q', '-f', join(EXAMPLES, project), 'compile', 'exec:java', `-Dexec.args=${args}`)

  async function until(isTrue: () => boolean): Promise<void> {
    const end = performance.now() + WAIT_MS_MAX
    while (!isTrue() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 200))
    expect(isTrue()).toBe(true)
  }

  test('Orders.java sends a record and reads it', async () => {
    const { folder: jars } = tools as { folder: string }
    const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'
    const program = start(
      'java',
      quiet,
      '-cp',
      `${jars}/*`,
      join(EXAMPLES, 'clients/Orders.java'),
      broker.bootstrap,
    )
    await until(program.isOver)
    expect(program.printed().trim().split('\n')).toEqual(['sent to partition 1', 'read 1 anna created'])
  })

  test('Totals.java adds up the payments of each customer', async () => {
    const program = byMaven('streams', broker.bootstrap)
    const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    while (!(await admin.listTopics()).includes('payments'))
      await new Promise((resolve) => setTimeout(resolve, 200))
    await admin.disconnect()
    const producer = kafka.producer()
    await producer.connect()
    const payments = [
      { key: 'anna', value: '10' },
      { key: 'boris', value: '5' },
      { key: 'anna', value: '7' },
    ]
    await producer.send({ topic: 'payments', messages: payments })
    await producer.disconnect()
    await until(() => program.printed().trim().split('\n').length >= 3)
    expect(program.printed().trim().split('\n').toSorted()).toEqual(['anna 10', 'anna 17', 'boris 5'])
  })

  test('a file goes through a topic into another file', async () => {
    const [from, to] = [join(folder, 'in.txt'), join(folder, 'out.txt')]
    const settings = ['worker', 'source', 'sink'].map((name) => {
      const text = readFileSync(join(EXAMPLES, 'connect', `${name}.properties`), 'utf8')
        .replace('localhost:9092', broker.bootstrap)
        .replace('/tmp/offset-zero-in.txt', from)
        .replace('/tmp/offset-zero-out.txt', to)
        .replace('/tmp/offset-zero-connect.offsets', join(folder, 'offsets'))
      const path = join(folder, `${name}.properties`)
      // Any free port for its REST interface.
      writeFileSync(path, name === 'worker' ? `${text}listeners=http://127.0.0.1:0\n` : text)
      return path
    })
    writeFileSync(from, 'tea\nmilk\n')
    byMaven('connect', settings.join(' '))
    const read = () => {
      try {
        return readFileSync(to, 'utf8')
      } catch {
        return ''
      }
    }
    await until(() => read() === 'tea\nmilk\n')
    appendFileSync(from, 'bread\n')
    await until(() => read() === 'tea\nmilk\nbread\n')
  })
})
