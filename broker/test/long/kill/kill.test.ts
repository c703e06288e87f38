/** A dozen kills of what `npm run test:long` does by the hundred (kill.long.ts). */
import { rmSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { buildBroker } from '../../../build.mjs'
import { findKafkaTools } from '../../kafka-tools.ts'
import { killCampaign } from './campaign.ts'
import { complaintsOfKafka } from './dump-check.ts'

const tools = findKafkaTools()
if ('missing' in tools) console.warn(`after the kills DumpLogSegments is left out: ${tools.missing}`)

beforeAll(async () => {
  await buildBroker()
})

test('kill -9 a dozen times under load: no promise is broken, and Kafka reads the files', async () => {
  const { data, acknowledged } = await killCampaign({ seed: 12, kills: 12, loadMsMax: 300 })
  for (const [worker, count] of Object.entries(acknowledged)) expect(count, worker).toBeGreaterThan(0)
  if ('folder' in tools) expect(complaintsOfKafka(tools.folder, data)).toEqual([])
  rmSync(data, { recursive: true, force: true })
}, 300_000)
