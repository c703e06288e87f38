import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Our broker in a process of its own, so that what is measured and what measures do not share a thread. */

export interface BrokerAlone {
  bootstrap: string
  stop: () => Promise<void>
}

const PROGRAM = join(import.meta.dirname, '../dist/cli.js')
/** A group is not to wait for more members. */
const SETTINGS = ['--set', 'group.initial.rebalance.delay.ms=0']

/** Starts it on a free port, with its data in `folder`. Rejects with what it says when it does not start. */
export async function startBroker(folder: string): Promise<BrokerAlone> {
  const args = [PROGRAM, '--port', '0', '--data', join(folder, 'data'), '--log-level', 'warn', ...SETTINGS]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let [printed, logged] = ['', '']
  child.stderr.on('data', (chunk) => {
    logged += chunk
  })
  const bootstrap = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk
      const ready = /^ready (\S+)$/m.exec(printed)
      if (ready !== null) resolve(ready[1]!)
    })
    ended.then(() => reject(new Error(logged.trim())), reject)
  })
  return {
    bootstrap,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
