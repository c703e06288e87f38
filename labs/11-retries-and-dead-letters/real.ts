/**
 * Lab 11 for real: five orders of two customers; one of them fails twice and then succeeds, one can never be handled. What
 * is in the retry topics and in the dead letters afterwards can be looked at with kcat.
 */
import { defineReal } from '../engine/real.ts'
import type { Handle, Retries } from './subject.ts'

const topic = 'orders'
const dead = 'orders-dead'
const waitMsMax = 15_000
const orders = [
  { key: 'anna', value: 'tea' },
  { key: 'boris', value: 'coffee' },
  { key: 'anna', value: 'bread' },
  { key: 'boris', value: '{"half' },
  { key: 'boris', value: 'milk' },
]

export const real = defineReal<Retries>({
  topics: [topic, 'orders-retry-1', dead],
  run: async ({ subject, kafka, say, show }) => {
    const plan = { retries: 3, firstMs: 500, maxMs: 2_000 }
    const retries = [...(await subject.planRetries(topic, plan))] as { topic: string; delayMs: number }[]
    show(
      `planRetries('${topic}', …)`,
      retries.map(({ topic, delayMs }) => `${topic} ${delayMs} ms`),
    )
    const admin = kafka.admin()
    await admin.connect()
    const topics = [topic, ...retries.map((one) => one.topic), dead]
    await admin.createTopics({
      topics: topics.map((name) => ({ topic: name, numPartitions: 1 })),
      waitForLeaders: false,
    })
    await admin.disconnect()
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({
      topic,
      messages: orders,
    })
    await producer.disconnect()
    say(
      {
        en: 'tea fails twice and then succeeds; {broken} can never be handled. Watch the order of each customer.',
        ru: 'tea дважды не удаётся, потом удаётся; {broken} не обработать никогда. Следите за порядком у каждого покупателя.',
      },
      { broken: '{"half' },
    )
    const told: string[] = []
    let left = orders.length
    let end: () => void = () => {}
    const last = new Promise<void>((resolve) => {
      end = resolve
    })
    const handle: Handle = async ({ key, value, attempt }) => {
      const [customer, order] = [String(key), String(value)]
      const isPoison = order.startsWith('{')
      const isFailing = isPoison || (order === 'tea' && Number(attempt) < 3)
      told.push(`${customer} ${order}, attempt ${attempt} ${isFailing ? '✗' : '✓'}`)
      if (isPoison || !isFailing) left--
      if (left === 0) end()
      if (isPoison) throw Object.assign(new Error('not JSON'), { retriable: false })
      if (isFailing) throw new Error('the shop does not answer')
    }
    const options = { topic, group: 'shop', retries, dead }
    const running = await subject.consumeWithRetries(kafka, options, handle)
    await Promise.race([last, new Promise((resolve) => setTimeout(resolve, waitMsMax))])
    await running.stop()
    show(`consumeWithRetries(kafka, { topic: '${topic}', … }, handle)`, told)
    say({
      en: 'The rest is in the topics: kcat shows the headers with -f "%k %s %h\\n".',
      ru: 'Остальное лежит в топиках: заголовки kcat показывает с -f "%k %s %h\\n".',
    })
  },
})
