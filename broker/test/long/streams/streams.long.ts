/** A Kafka Streams word count with processing.guarantee=exactly_once_v2: kills do not change any count. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, test } from 'vitest'
import { buildBroker } from '../../../build.mjs'
import { startKafka } from '../../../compare/kafka/kafka-process.ts'
import { BrokerChild } from '../kill/broker-child.ts'
import { wordCountClassPath } from './streams-jars.ts'
import { WordCount } from './word-count.ts'

const SETTINGS = ['offsets.topic.num.partitions=5', 'transaction.state.log.num.partitions=5']
const seed = Number(process.env.STREAMS_SEED ?? Date.now() % 1_000_000)
const found = wordCountClassPath(true)
if ('missing' in found) console.log(`the word count of Kafka Streams is left out: ${found.missing}`)

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

async function wordCount(bootstrap: () => Promise<string>): Promise<WordCount> {
  const words = new WordCount((found as { classPath: string }).classPath, seed, bootstrap)
  undo.push(() => words.end())
  await words.prepare()
  words.launch()
  return words
}

/** Three times, lines are sent and partly counted, and the application is killed. */
async function killTheApplication(words: WordCount): Promise<void> {
  for (let kill = 0; kill < 3; kill++) {
    const before = words.total
    await words.feed(40)
    await words.counted(before + Math.floor((words.total - before) / 4))
    const feeding = words.feed(20)
    await words.kill()
    await feeding
    words.launch()
  }
  await words.finish()
}

describe.skipIf('missing' in found)(`seed ${seed}`, () => {
  let data: string
  beforeAll(async () => {
    await buildBroker()
  })

  function aFolder(): string {
    data = mkdtempSync(join(tmpdir(), 'offset-zero-words-'))
    undo.push(() => rmSync(data, { recursive: true, force: true }))
    return data
  }

  test('the application is killed three times: the counts are exact', async () => {
    const broker = new BrokerChild(aFolder(), SETTINGS)
    undo.push(() => broker.kill())
    const address = await broker.serving()
    await killTheApplication(await wordCount(async () => address))
  })

  test('the broker is killed five times: the counts are exact', async () => {
    const folder = aFolder()
    let broker = new BrokerChild(folder, SETTINGS)
    undo.push(() => broker.kill())
    let ready = broker.serving()
    const address = await ready
    const port = Number(address.split(':')[1])
    const words = await wordCount(async () => ready)
    for (let kill = 0; kill < 5; kill++) {
      const before = words.total
      await words.feed(30)
      await words.counted(before + Math.floor((words.total - before) / 4))
      const feeding = words.feed(30)
      await broker.kill()
      broker = new BrokerChild(folder, SETTINGS, port)
      ready = broker.serving()
      await feeding
    }
    await words.finish()
  })

  test('the same test with Apache Kafka', async () => {
    const kafka = await startKafka({ nodes: 1, config: {} }).catch(({ message }: Error) => message)
    if (typeof kafka === 'string') return console.log(`Apache Kafka is not asked: ${kafka}`)
    undo.push(() => kafka.stop())
    await killTheApplication(await wordCount(async () => kafka.bootstrap))
  })
})
