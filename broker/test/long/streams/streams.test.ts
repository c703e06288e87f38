/** One kill of each, of what `npm run test:long` does more often (streams.long.ts). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, test } from 'vitest'
import { buildBroker } from '../../../build.mjs'
import { BrokerChild } from '../kill/broker-child.ts'
import { wordCountClassPath } from './streams-jars.ts'
import { WordCount } from './word-count.ts'

const SETTINGS = [
  'offsets.topic.num.partitions=5',
  'transaction.state.log.num.partitions=5',
  'group.initial.rebalance.delay.ms=0',
]
const found = wordCountClassPath(false)
if ('missing' in found) console.warn(`the word count of Kafka Streams is left out: ${found.missing}`)

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})
beforeAll(async () => {
  await buildBroker()
})

describe.skipIf('missing' in found)('a Kafka Streams word count, exactly once', () => {
  test('the broker is killed, then the application: the counts are exact', async () => {
    const data = mkdtempSync(join(tmpdir(), 'offset-zero-words-'))
    undo.push(() => rmSync(data, { recursive: true, force: true }))
    let broker = new BrokerChild(data, SETTINGS)
    undo.push(() => broker.kill())
    let ready = broker.serving()
    const port = Number((await ready).split(':')[1])
    const words = new WordCount((found as { classPath: string }).classPath, 7, async () => ready)
    undo.push(() => words.end())
    await words.prepare()
    words.launch()

    await words.feed(20)
    await words.counted(20)
    const feeding = words.feed(20)
    await broker.kill()
    broker = new BrokerChild(data, SETTINGS, port)
    ready = broker.serving()
    await feeding
    await words.counted(words.total / 2)
    await words.kill()
    await words.feed(10)
    words.launch()
    await words.finish()
  }, 300_000)
})
