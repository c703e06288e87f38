/**
 * A JVM with Apache Kafka's own classes that answers questions in JSON (KafkaOracle.java).
 *
 * - questions are answered in order; thousands may wait
 * - when the JVM ends too early, each question that waits fails with what it printed
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { javaCommand, kafkaClassPath } from '../compare/kafka/kafka-jars.ts'

const DRIVER = fileURLToPath(new URL('KafkaOracle.java', import.meta.url))

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

export class KafkaOracle {
  private readonly child: ChildProcess
  private readonly waiting: Waiting[] = []
  private printed = ''

  /** Starts the JVM. Throws MissingError without Java or without Kafka's jars. */
  constructor() {
    const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=off'
    this.child = spawn(javaCommand(), ['-Xmx512m', quiet, '-cp', kafkaClassPath(), DRIVER], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.child.stderr!.on('data', (piece: Buffer) => {
      this.printed = (this.printed + String(piece)).slice(-2000)
    })
    createInterface({ input: this.child.stdout! }).on('line', (line) =>
      this.waiting.shift()?.resolve(JSON.parse(line)),
    )
    this.child.once('close', () => {
      const error = new Error(`the JVM of the oracle has ended: ${this.printed}`)
      for (const { reject } of this.waiting.splice(0)) reject(error)
    })
    this.child.stdin!.on('error', () => {})
  }

  /** The answer of the class that `question.ask` names. */
  ask(question: { readonly ask: string } & Readonly<Record<string, unknown>>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.child.stdin!.write(`${JSON.stringify(question)}\n`)
    })
  }

  /** Ends the JVM. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null) return
    const closed = once(this.child, 'close')
    this.child.stdin!.end()
    await closed
  }
}
