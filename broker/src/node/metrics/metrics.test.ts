/** Metrics as Prometheus reads them: the text is valid, the names are those of common dashboards, the values are right. */
import { get } from 'node:http'
import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { RawClient } from '../../../test/raw-client.ts'
import type { Metric } from '../../broker/metrics.ts'
import { MetadataRequest, MetadataResponse } from '../../messages/metadata.ts'
import { ProduceRequest, ProduceResponse } from '../../messages/produce.ts'
import { startBroker } from '../index.ts'
import { prometheusText } from './prometheus-text.ts'

interface Scraped {
  readonly type: string
  /** By labels, as `topic=orders,partition=0`; '' without labels. */
  readonly values: Map<string, number>
}

/** Parses the text format, version 0.0.4, as strictly as Prometheus: throws at the first invalid line. */
function parse(text: string): Map<string, Scraped> {
  const families = new Map<string, Scraped>()
  if (!text.endsWith('\n')) throw new Error('the last line is not whole')
  let help = ''
  let name = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line)
    if (comment?.[1] === 'HELP') {
      help = comment[2]!
    } else if (comment) {
      name = comment[2]!
      if (name !== help) throw new Error(`a TYPE of ${name} without its HELP`)
      if (families.has(name)) throw new Error(`${name} comes twice`)
      families.set(name, { type: comment[3]!, values: new Map() })
    } else addSample(families.get(name), name, line)
  }
  return families
}

function addSample(family: Scraped | undefined, name: string, line: string): void {
  const [, sample, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
  const suffixes = family?.type === 'summary' ? ['_sum', '_count'] : ['']
  const suffix = suffixes.find((each) => sample === name + each)
  if (!family || suffix === undefined) throw new Error(`not a sample of ${name}: ${line}`)
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
  if (Number.isNaN(number)) throw new Error(`not a number: ${line}`)
  const pairs: string[] = []
  const rest = labels.replace(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/gy, (_, label, text) => {
    pairs.push(`${label}=${text.replace(/\\(.)/g, (_: string, c: string) => (c === 'n' ? '\n' : c))}`)
    return ''
  })
  if (rest !== '') throw new Error(`not labels: ${labels}`)
  const key = pairs.join(',') + suffix
  if (family.values.has(key)) throw new Error(`twice: ${line}`)
  family.values.set(key, number)
}

function request(url: string): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let body = ''
      response.on('data', (piece) => (body += piece))
      response.on('end', () =>
        resolve({ status: response.statusCode!, type: String(response.headers['content-type']), body }),
      )
    }).on('error', reject)
  })
}

async function scrape(url: string): Promise<(name: string, labels?: string) => number | undefined> {
  const { body, type } = await request(url)
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  const families = parse(body)
  return (name, labels = '') => families.get(name)?.values.get(labels)
}

describe('the text', () => {
  const text = (metric: Metric): string => [...prometheusText([metric])].join('')

  test('PROMETHEUS-TEXT-1: any characters in a label stay on one line', () => {
    const value = 'a"b\\c\nd{}=,é'
    const samples = [{ labels: { topic: value, partition: '0' }, value: 1 }]
    const written = text({ name: 'a_b', type: 'gauge', help: 'back\\slash\nand line', samples })
    expect(written).toBe(
      '# HELP a_b back\\\\slash\\nand line\n# TYPE a_b gauge\na_b{topic="a\\"b\\\\c\\nd{}=,é",partition="0"} 1\n',
    )
    expect([...parse(written).get('a_b')!.values.keys()]).toEqual([`topic=${value},partition=0`])
  })

  test('NaN and infinity are written as in Prometheus', () => {
    const samples = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e21, 0.5].map(
      (value, i) => ({
        labels: { i: `${i}` },
        value,
      }),
    )
    const lines = text({ name: 'n', type: 'gauge', help: 'h', samples }).split('\n').slice(2, -1)
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['+Inf', '-Inf', 'NaN', '1e+21', '0.5'])
  })

  test('PROMETHEUS-TEXT-2: many samples are written in pieces, each of whole lines', () => {
    const samples = Array.from({ length: 1700 }, (_, i) => ({ labels: { i: `${i}` }, value: i }))
    const pieces = [...prometheusText([{ name: 'n', type: 'gauge', help: 'h', samples }])]
    expect(pieces.length).toBe(4)
    expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true)
    expect(parse(pieces.join('')).get('n')!.values.size).toBe(1700)
  })
})

test('METRICS-2, COUNTERS-2, COUNTERS-1, METRICS-1: produce, fetch, commits and requests are counted, under the names of Kafka’s exporter', async () => {
  const config = { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '1' }
  const broker = await startBroker({ metricsPort: 0, config })
  const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
  try {
    const producer = kafka.producer()
    await producer.connect()
    const messages = Array.from({ length: 30 }, (_, i) => ({ value: `${i}`.repeat(10), partition: i % 3 }))
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] })
    await producer.send({ topic: 'orders', messages })
    const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic: 'orders', fromBeginning: true })
    let left = messages.length
    await new Promise<void>((resolve) => {
      consumer.run({ eachMessage: async () => void (--left === 0 && resolve()) })
    })
    await consumer.disconnect()
    const raw = await RawClient.to(broker.bootstrap)
    const topicData = [{ name: 'nowhere', partitionData: [{ index: 0, records: new Uint8Array(0) }] }]
    await raw.call(ProduceRequest, ProduceResponse, 7, { acks: 1, timeoutMs: 1000, topicData })
    raw.end()

    const value = await scrape(broker.metricsUrls[0]!)
    const topics = 'kafka_server_brokertopicmetrics'
    const bytesIn = value(`${topics}_bytesin_total`, 'topic=orders')!
    expect(value(`${topics}_messagesin_total`, 'topic=orders')).toBe(30)
    expect(value(`${topics}_messagesin_total`)).toBeGreaterThan(30)
    expect(bytesIn).toBeGreaterThan(30 * 10)
    expect(value(`${topics}_bytesout_total`, 'topic=orders')).toBeGreaterThanOrEqual(bytesIn)
    expect(value(`${topics}_totalproducerequests_total`, 'topic=orders')).toBe(3)
    expect(value(`${topics}_failedproducerequests_total`, 'topic=orders')).toBe(0)
    // An unknown topic gets no series of its own, but is counted in the sum.
    expect(value(`${topics}_failedproducerequests_total`, 'topic=nowhere')).toBeUndefined()
    expect(value(`${topics}_failedproducerequests_total`)).toBe(1)
    expect(
      value('kafka_network_requestmetrics_requests_total', 'request=Produce,version=7'),
    ).toBeGreaterThanOrEqual(1)
    expect(value('kafka_network_requestmetrics_localtimems', 'request=Produce_count')).toBeGreaterThanOrEqual(
      2,
    )
    expect(value('kafka_network_requestmetrics_localtimems', 'request=Produce_sum')).toBeGreaterThan(0)
    const sizes = [0, 1, 2].map((i) => value('kafka_log_log_size', `topic=orders,partition=${i}`)!)
    expect(sizes.reduce((a, b) => a + b)).toBe(bytesIn)
    expect(value('kafka_log_log_logendoffset', 'topic=orders,partition=0')).toBe(10)
    expect(value('kafka_log_log_logstartoffset', 'topic=orders,partition=0')).toBe(0)
    expect(value('kafka_server_replicamanager_partitioncount')).toBe(4)
    expect(value('kafka_server_replicamanager_leadercount')).toBe(4)
    expect(value('kafka_server_replicamanager_underreplicatedpartitions')).toBe(0)
    expect(value('kafka_controller_kafkacontroller_activecontrollercount')).toBe(1)
    expect(value('kafka_controller_kafkacontroller_globaltopiccount')).toBe(2)
    expect(value('kafka_server_group_coordinator_metrics_group_count', 'protocol=classic')).toBe(1)
    expect(value('kafka_coordinator_group_groupmetadatamanager_numoffsets')).toBe(3)
    expect(value('kafka_server_socket_server_metrics_connection_count')).toBeGreaterThanOrEqual(1)
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(value('nodejs_heap_size_limit_bytes')).toBeGreaterThan(1e6)
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(value('offset_zero_event_loop_stalls_total')).toBeGreaterThanOrEqual(0)

    await admin.deleteTopics({ topics: ['orders'] })
    const after = await scrape(broker.metricsUrls[0]!)
    expect(after(`${topics}_messagesin_total`, 'topic=orders')).toBeUndefined()
    // The counts of the deleted topic stay in the sum. Its committed offsets were removed by tombstones.
    expect(after(`${topics}_messagesin_total`)).toBeGreaterThanOrEqual(value(`${topics}_messagesin_total`)!)
    await Promise.all([producer.disconnect(), admin.disconnect()])
  } finally {
    await broker.stop()
  }
})

test('several brokers have one endpoint each, and one of them reports that it is the controller', async () => {
  const broker = await startBroker({ metricsPort: 0, brokers: 2 })
  try {
    const active = 'kafka_controller_kafkacontroller_activecontrollercount'
    const values = await Promise.all(broker.metricsUrls.map(scrape))
    expect(values.map((value) => value(active))).toEqual([1, 0])
  } finally {
    await broker.stop()
  }
})

test('METRICS-SERVER-3: only /metrics exists, and nothing after the stop', async () => {
  const broker = await startBroker({ metricsPort: 0 })
  const url = broker.metricsUrls[0]!
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
  for (const path of ['', '..', '/other', '//evil.example/metrics'])
    expect(await request(url.replace('/metrics', `/${path}`))).toMatchObject({ status: 404 })
  expect(await request(`${url}?name=x`)).toMatchObject({ status: 200 })
  await broker.stop()
  await expect(request(url)).rejects.toThrow('ECONNREFUSED')
})

test('METRICS-SERVER-1: other clients are served during a scrape of many partitions', async () => {
  const broker = await startBroker({ metricsPort: 0, config: { 'num.partitions': '2000' } })
  const client = await RawClient.to(broker.bootstrap)
  const ask = (name: string) =>
    client.call(MetadataRequest, MetadataResponse, 9, { topics: [{ name }], allowAutoTopicCreation: true })
  while ((await ask('many'))!.topics[0]!.errorCode !== 0);
  let ended = false
  const scraped = scrape(broker.metricsUrls[0]!).finally(() => {
    ended = true
  })
  let answered = 0
  while (!ended) {
    await ask('none')
    answered++
  }
  expect((await scraped)('kafka_log_log_size', 'topic=many,partition=1999')).toBe(0)
  expect(answered).toBeGreaterThan(1)
  client.end()
  await broker.stop()
})

test('METRICS-SERVER-2: clients that send no request or do not read do not lock others out', async () => {
  const broker = await startBroker({ metricsPort: 0 })
  const { port } = new URL(broker.metricsUrls[0]!)
  const slow = await Promise.all(Array.from({ length: 40 }, () => RawClient.to(`127.0.0.1:${port}`)))
  for (const client of slow.slice(20)) {
    client.socket.pause()
    client.send(new TextEncoder().encode('GET /metrics HTTP/1.1\r\nhost: x\r\n'))
  }
  const value = await scrape(broker.metricsUrls[0]!)
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e6)
  // The others had to go.
  await Promise.all(slow.slice(0, 20).map(({ closed }) => closed))
  for (const client of slow) client.end()
  await broker.stop()
})
