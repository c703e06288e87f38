/**
 * Our broker for the comparison: with files, like Kafka's, in a folder that is removed afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningBroker, startBroker } from '../src/node/index.ts'

export async function startOurs(config: Readonly<Record<string, string>>): Promise<RunningBroker> {
  const dataDir = mkdtempSync(join(tmpdir(), 'offset-zero-ours-'))
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    const { bootstrap, stop } = await startBroker({ config, dataDir })
    return { bootstrap, metricsUrls: [], stop: () => stop().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}
