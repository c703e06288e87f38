/**
 * The word count and its checker.
 *
 *   lines --idempotent--> input -> WordCount (exactly_once_v2) -> output -> read_committed, checked
 *
 * Exactly once means here: in the output each word counts 1, 2, 3, … without gaps or repetitions, up to the number of
 * times it was sent. A record that was read twice would count too far, a lost one would stop too early, and a transaction
 * that was partly committed would leave a gap.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InitProducerIdRequest, InitProducerIdResponse } from '../../../src/messages/init-producer-id.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { SeededRandom } from '../../../src/sim/seeded-random.ts'
import { ErrorCode, errorName } from '../../../src/wire/errors.ts'
import type { Int64 } from '../../../src/wire/int64.ts'
import { Caller } from '../kill/caller.ts'
import { readPartition } from '../kill/read-back.ts'
import { createTopic } from '../kill/topics.ts'
import { produce, text, utf8 } from '../kill/worker.ts'

const WORDS = 'offset zero topic partition record batch leader epoch commit abort fence group'.split(' ')
const PARTITIONS = 2
const LINES_A_BATCH = 10
const LOOK_MS = 200
const PATIENCE_MS = 120_000

export class WordCount {
  private readonly classPath: string
  private readonly caller: Caller
  private readonly random: SeededRandom
  private readonly sent = new Map<string, number>()
  private readonly id = `words-${Date.now().toString(36)}`
  private readonly state = mkdtempSync(join(tmpdir(), 'offset-zero-state-'))
  private readonly sequences = Array.from({ length: PARTITIONS }, () => 0)
  private bootstrap = ''
  private producer: { producerId: Int64; producerEpoch: number } = { producerId: -1, producerEpoch: -1 }
  private application: ChildProcess | undefined
  private said = ''

  /** `bootstrap` resolves to the broker's address as soon as there is one. */
  constructor(classPath: string, seed: number, bootstrap: () => Promise<string>) {
    this.classPath = classPath
    this.random = new SeededRandom(seed)
    this.caller = new Caller(bootstrap)
    this.where = bootstrap
  }
  private readonly where: () => Promise<string>

  async prepare(): Promise<void> {
    this.bootstrap = await this.where()
    for (const topic of [this.input, this.output]) await createTopic(this.caller, topic, PARTITIONS)
    const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
    const { producerId, producerEpoch } = await this.caller.call(
      InitProducerIdRequest,
      InitProducerIdResponse,
      4,
      body,
    )
    this.producer = { producerId, producerEpoch }
  }

  private get input(): string {
    return `${this.id}-lines`
  }
  private get output(): string {
    return `${this.id}-counts`
  }

  /** Starts the application. */
  launch(): void {
    const args = [
      '-Xmx256m',
      '-cp',
      this.classPath,
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      'WordCount',
    ]
    const names = [this.bootstrap, this.id, this.state, this.input, this.output]
    this.application = spawn('java', [...args, ...names], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.application.stdout!, this.application.stderr!]) {
      stream.on('data', (said) => {
        this.said = (this.said + said).slice(-10_000)
      })
    }
  }

  /** Kills it. */
  async kill(): Promise<void> {
    const { application } = this
    if (!application) return
    this.application = undefined
    const gone = new Promise((resolve) => application.once('close', resolve))
    application.kill('SIGKILL')
    await gone
  }

  /** Sends so many batches of lines; sends them again, unchanged, if the broker is lost in between. */
  async feed(batches: number): Promise<void> {
    for (let i = 0; i < batches; i++) {
      const partition = this.random.int(PARTITIONS)
      const lines = Array.from({ length: LINES_A_BATCH }, () => this.aLine())
      const records = lines.map((line) => ({ key: null, value: utf8.encode(line), timestamp: Date.now() }))
      const baseSequence = this.sequences[partition]!
      this.sequences[partition] = baseSequence + lines.length
      const batch = buildBatch(records, { ...this.producer, baseSequence })
      const { errorCode } = await produce(this.caller, this.input, partition, batch)
      if (errorCode !== ErrorCode.NONE) throw new Error(`feed: ${errorName(errorCode)}`)
    }
  }

  private aLine(): string {
    const words = Array.from({ length: 1 + this.random.int(6) }, () => WORDS[this.random.int(WORDS.length)]!)
    for (const word of words) this.sent.set(word, (this.sent.get(word) ?? 0) + 1)
    return words.join(' ')
  }

  /** How many words were sent. */
  get total(): number {
    return [...this.sent.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Waits until so many counts are visible. Rejects if it takes too long, or a count is not the next one. */
  async counted(least: number): Promise<void> {
    const startedMs = Date.now()
    for (;;) {
      const counts = await this.read()
      const seen = [...counts.values()].reduce((sum, count) => sum + count, 0)
      if (seen >= least) return
      if (Date.now() - startedMs > PATIENCE_MS)
        throw new Error(`${seen} of ${least} words counted within ${PATIENCE_MS} ms\n${this.said}`)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  /** Waits for the last count, and checks that every word has the right count. */
  async finish(): Promise<void> {
    await this.counted(this.total)
    const counts = await this.read()
    for (const [word, count] of this.sent) {
      if (counts.get(word) !== count) throw new Error(`${word}: ${counts.get(word)} counted, ${count} sent`)
    }
  }

  private async read(): Promise<Map<string, number>> {
    const counts = new Map<string, number>()
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { records } = await readPartition(this.caller, this.output, partition, 'read_committed')
      for (const { key, value, offset } of records) {
        const word = text.decode(key!)
        const next = (counts.get(word) ?? 0) + 1
        const count = Number(text.decode(value!))
        if (count !== next)
          throw new Error(`${this.output}-${partition}@${offset}: ${word} ${count}, not ${next}`)
        counts.set(word, count)
      }
    }
    return counts
  }

  async end(): Promise<void> {
    await this.kill()
    this.caller.end()
    rmSync(this.state, { recursive: true, force: true })
  }
}
