/**
 * One JVM that runs Kafka's own command-line tools, one after the other (KafkaTools.java).
 *
 * Starting a JVM for each tool takes a second or two, and each compiles the same code again: a comparison of a thousand
 * scenarios would do little else, and a bench would measure its own client.
 *
 * - runs are queued; the JVM starts with the first of them and ends with `end`
 * - a tool that exceeds its time limit ends its JVM, and the next run starts a new one
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { javaCommand, kafkaClassPath } from '../kafka/kafka-jars.ts'

const DRIVER = fileURLToPath(new URL('KafkaTools.java', import.meta.url))

/** The result of a tool: its exit code and its output. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Driver {
  readonly child: ChildProcess
  readonly lines: Interface
}

/** Why tools can't run here: a JDK is needed, because KafkaTools.java is compiled at its start. (For Java itself: kafkaClassPath.) */
export function compilerMissing(): string | undefined {
  return spawnSync('javac', ['-version']).error
    ? "Kafka's tools need a JDK, and there is no javac"
    : undefined
}

export class ToolJvm {
  private readonly jvmArgs: readonly string[]
  private readonly runMsMax: number
  private driver: Driver | undefined
  private last: Promise<unknown> = Promise.resolve()

  /** `jvmArgs`: memory and compilers; `runMsMax`: the time limit of a run. */
  constructor(options: { jvmArgs: readonly string[]; runMsMax: number }) {
    this.jvmArgs = options.jvmArgs
    this.runMsMax = options.runMsMax
  }

  /** Runs the main method of one of Kafka's classes, after all earlier runs. */
  run(className: string, args: readonly string[], input = ''): Promise<Ran> {
    const ran = this.last.then(() => this.runNow([className, input, ...args]))
    this.last = ran.catch(() => {})
    return ran
  }

  /** Ends the JVM, if it is running. */
  async end(): Promise<void> {
    const ending = this.driver
    this.driver = undefined
    if (!ending || ending.child.exitCode !== null) return
    const gone = once(ending.child, 'exit')
    ending.child.kill('SIGKILL')
    await gone
  }

  private async runNow(words: readonly string[]): Promise<Ran> {
    this.driver ??= this.start()
    const { child, lines } = this.driver
    const answer = once(lines, 'line')
    const ended = once(child, 'exit').then(() => {
      throw new Error('the JVM of the tools has ended')
    })
    child.stdin!.write(`${words.map((word) => Buffer.from(word).toString('base64')).join('\t')}\n`)
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${words[0]} does not end`)), this.runMsMax)
    })
    try {
      const [line] = (await Promise.race([answer, ended, tooLate])) as [string]
      const [code, out, err] = line.split('\t')
      const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64').toString('utf8')
      return { code: Number(code), out: decode(out), err: decode(err) }
    } catch (error) {
      await this.end()
      throw error
    } finally {
      clearTimeout(timer)
      ended.catch(() => {})
    }
  }

  private start(): Driver {
    const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=off'
    const args = [...this.jvmArgs, quiet, '-cp', kafkaClassPath(), DRIVER]
    const child = spawn(javaCommand(), args, { stdio: ['pipe', 'pipe', 'ignore'] })
    child.setMaxListeners(0)
    return { child, lines: createInterface({ input: child.stdout! }) }
  }
}
