/**
 * A broker in a separate process that can be killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))
const READY_MS_MAX = 60_000

export class BrokerChild {
  /** Its log, one line per event. */
  log = ''
  /** The signal or the exit code with which it ended. */
  readonly exit: Promise<string>
  /** host:port, when it serves; undefined if it ended before. */
  readonly ready: Promise<string | undefined>
  private readonly child: ChildProcess

  /**
   * `settings`: `key=value` each; `descriptorsMax`: how many files and sockets it may have open (not on Windows).
   * BROKER_CLI names another program than the bundle.
   */
  constructor(data: string, settings: readonly string[], port = 0, descriptorsMax?: number) {
    const set = settings.flatMap((setting) => ['--set', setting])
    const program = process.env.BROKER_CLI ?? CLI
    const command = [process.execPath, program, '--port', String(port), '--data', data, ...set]
    const limited = ['sh', '-c', `ulimit -n ${descriptorsMax}; exec "$@"`, 'sh', ...command]
    const [file, ...args] = descriptorsMax === undefined ? command : limited
    this.child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.child.stderr!.on('data', (text) => {
      this.log += text
    })
    this.exit = new Promise((resolve) =>
      this.child.once('close', (code, signal) => resolve(signal ?? String(code))),
    )
    this.ready = this.untilReady()
  }

  /** As `ready`, but rejects with its log if it ended before, so that a client does not wait forever. */
  async serving(): Promise<string> {
    const address = await this.ready
    if (address === undefined) throw new Error(`the broker did not start:\n${this.log}`)
    return address
  }

  get pid(): number {
    return this.child.pid!
  }

  private async untilReady(): Promise<string | undefined> {
    let said = ''
    const line = new Promise<string>((resolve) => {
      this.child.stdout!.on('data', (text) => {
        said += text
        const found = /^ready (.*)\n/.exec(said)
        if (found) resolve(found[1]!)
      })
    })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`not ready within ${READY_MS_MAX} ms:\n${this.log}`)),
        READY_MS_MAX,
      )
    })
    const address = await Promise.race([line, this.exit.then(() => undefined), late])
    clearTimeout(timer)
    return address
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exit
  }

  /** Stops it cleanly; returns its exit code. */
  async stop(): Promise<string> {
    this.child.kill('SIGTERM')
    return this.exit
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }
}
