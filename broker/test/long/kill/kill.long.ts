/**
 * Hundreds of kills. KILL_SEED and KILL_COUNT set other values; a failure names the seed, and keeps its data folder.
 */
import { rmSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { buildBroker } from '../../../build.mjs'
import { findKafkaTools } from '../../kafka-tools.ts'
import { killCampaign } from './campaign.ts'
import { complaintsOfKafka } from './dump-check.ts'

const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const kills = Number(process.env.KILL_COUNT ?? 400)
const tools = findKafkaTools()
if ('missing' in tools) console.warn(`after the kills DumpLogSegments is left out: ${tools.missing}`)

beforeAll(async () => {
  await buildBroker()
})

/** Two campaigns: with folders that grow old, and with folders that are killed early, again and again. */
test.each([
  ['long loads', 1500, Math.ceil(kills / 2)],
  ['short loads', 200, Math.floor(kills / 2)],
])(`kill -9 under load, %s, seed ${seed}`, { timeout: 3_600_000 }, async (_, loadMsMax, count) => {
  const tell = (line: string): void => {
    if (line.includes('kept')) console.log(line)
  }
  const { data } = await killCampaign({ seed, kills: count, killsPerCheck: 25, loadMsMax, tell })
  if ('folder' in tools) expect(complaintsOfKafka(tools.folder, data)).toEqual([])
  rmSync(data, { recursive: true, force: true })
})
