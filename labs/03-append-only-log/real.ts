/** Lab 03 for real: a broker that keeps a topic in the learner's log, for a minute, for kafkajs, kcat and everybody else. */
import { Kafka, logLevel } from 'kafkajs'
import type { LogPart } from 'offset-zero-broker/src/log/log-part.ts'
import { defineReal } from '../engine/real.ts'
import { startLabBroker } from '../engine/wire/bench.ts'
import type { LogMaker } from './model.ts'

const topic = 'journal'
const openMs = 60_000

export const real = defineReal<LogMaker>({
  // They lie in a broker of their own, which ends with this run.
  topics: [],
  run: async ({ subject, say, show }) => {
    const log = subject.createLog(0)
    const calls: string[] = []
    const broker = await startLabBroker({ parts: { log: () => witness(log, calls) } })
    try {
      const kafka = new Kafka({
        clientId: 'for-real',
        brokers: [broker.bootstrap],
        logLevel: logLevel.NOTHING,
      })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
      await admin.disconnect()
      const producer = kafka.producer()
      await producer.connect()
      for (const values of [['one', 'two', 'three'], ['four'], ['five', 'six']]) {
        calls.length = 0
        await producer.send({ topic, messages: values.map((value) => ({ value })) })
        show(`producer.send(${values.join(', ')})`, calls.splice(0))
      }
      await producer.disconnect()
      show('log.endOffset', log.endOffset)
      calls.length = 0
      const seconds = openMs / 1000
      say(
        {
          en: 'Your log is a topic now. The broker stays for {seconds} seconds (Ctrl-C ends it); in another terminal:',
          ru: 'Ваш журнал теперь топик. Брокер проработает ещё {seconds} секунд (Ctrl-C остановит его); в другом терминале:',
        },
        { seconds },
      )
      for (const command of [
        `kcat -b ${broker.bootstrap} -t ${topic} -C -o 4 -e -f '%o  %s\\n'`,
        `echo seven | kcat -b ${broker.bootstrap} -t ${topic} -P`,
      ])
        say({ en: '{command}', ru: '{command}' }, { command: `  ${command}` })
      await new Promise((resolve) => setTimeout(resolve, openMs))
      if (calls.length > 0) show('kcat', calls.slice(-8))
    } finally {
      await broker.stop()
    }
  },
})

/** The log, with the broker's calls written down. */
function witness(log: LogPart, calls: string[]): LogPart {
  return {
    get startOffset() {
      return log.startOffset
    },
    get endOffset() {
      return log.endOffset
    },
    append(batch, count) {
      const base = log.append(batch, count)
      calls.push(`append(${batch.length} bytes, ${count}) = ${base}`)
      return base
    },
    read(offset, maxBytes) {
      const batches = log.read(offset, maxBytes)
      if (batches.length > 0) calls.push(`read(${offset}, ${maxBytes}) = ${batches.length} ×`)
      return batches
    },
  }
}
