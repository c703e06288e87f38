/// <reference lib="webworker" />
import { createBrowserBroker } from '../../../broker/src/browser/browser-broker'
import type { Command, Report } from './commands'
import { Session } from './session'

/**
 * The worker: a broker, a client that talks to it in frames, and the page's commands one after the other.
 * Reads go beside the others: a fetch may wait on the broker, and a send must be able to end the wait.
 */

const scope = self as unknown as DedicatedWorkerGlobalScope
const report = (message: Report) => scope.postMessage(message)
let session: Session | undefined

scope.onmessage = ({ data }: MessageEvent<Command>) => {
  answer(data).then(report, (error: unknown) => {
    report({ type: 'failed', id: data.id, message: error instanceof Error ? error.message : String(error) })
  })
}

async function answer(command: Command): Promise<Report> {
  const { id } = command
  if (command.type === 'open') {
    const broker = createBrowserBroker({ seed: command.seed })
    session = new Session(
      () => broker.connect(),
      (frame) => report({ type: 'frame', frame }),
    )
    await session.createTopic(command.partitions)
    return { type: 'opened', id }
  }
  if (session === undefined) throw new Error('the broker is not open yet')
  switch (command.type) {
    case 'send':
      return { type: 'sent', id, sent: await session.send(command.key, command.value, Date.now()) }
    case 'read':
      return {
        type: 'read',
        id,
        records: await session.read(command.reader, command.positions, command.bytesMax),
      }
    case 'add-partition':
      return { type: 'partition-added', id, partitions: await session.addPartition() }
  }
}
