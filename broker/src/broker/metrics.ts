/**
 * A broker's metrics, under the names that Kafka dashboards use.
 *
 * Kafka publishes its metrics as JMX beans. Most operators read them through Prometheus' JMX exporter with its example
 * configuration for Kafka, which translates
 *
 *   kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=orders   Count
 *   to kafka_server_brokertopicmetrics_messagesin_total{topic="orders"}
 *
 * and so on: type and name in lower case, `PerSec` as `_total`, the bean's other properties as labels. Prometheus
 * computes rates and percentiles itself. A series without a topic is the sum over all topics, as in Kafka.
 *
 * Ten thousand partitions give about fifty thousand lines. So samples are generated one by one, and the caller may
 * pause between any two.
 *
 * METRICS-1  each family appears once, followed by its samples
 * METRICS-2  labels hold only existing topics, partitions and APIs: a client cannot create new label values
 */

import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { Counters, TopicCounters } from '../counters.ts'
import type { Partition } from '../replica/partition.ts'

/** A metric with its current samples. */
export interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'summary'
  /** One sentence that explains it. */
  readonly help: string
  readonly samples: Iterable<Sample>
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
  /** Suffix of the metric's name: `_sum` and `_count` of a summary. */
  readonly suffix?: '_sum' | '_count'
}

/** Where the values come from. */
export interface Observed {
  readonly nodeId: number
  readonly counters: Counters
  readonly image: MetadataImage
  /** The name of a served API. */
  apiName(apiKey: number): string
  /** The replicas of this node whose logs are open. */
  partitions(): Iterable<Partition>
  readonly partitionCount: number
  readonly offlineCount: number
  readonly connectionCount: number
  /** Delayed requests. */
  readonly waiting: number
  readonly groups: { readonly classic: number; readonly consumer: number; readonly offsets: number }
  readonly transactionalIds: number
}

type Describe = readonly [name: string, help: string, of: (counters: TopicCounters) => number]

const OF_TOPICS: readonly Describe[] = [
  ['messagesin', 'Records appended to the logs.', ({ messagesIn }) => messagesIn],
  ['bytesin', 'Bytes of record batches appended to the logs.', ({ bytesIn }) => bytesIn],
  ['bytesout', 'Bytes of record batches fetched by clients.', ({ bytesOut }) => bytesOut],
  ['totalproducerequests', 'Partitions in Produce requests.', ({ produceRequests }) => produceRequests],
  [
    'failedproducerequests',
    'Partitions in Produce requests that were refused.',
    ({ failedProduceRequests }) => failedProduceRequests,
  ],
  [
    'totalfetchrequests',
    'Partitions in Fetch requests, counted again at each attempt to complete a delayed fetch.',
    ({ fetchRequests }) => fetchRequests,
  ],
  [
    'failedfetchrequests',
    'Partitions in Fetch requests that could not be read.',
    ({ failedFetchRequests }) => failedFetchRequests,
  ],
]

/** All metrics, family by family. */
export function* metricsOf(observed: Observed): Generator<Metric> {
  yield* topicMetrics(observed.counters)
  yield* requestMetrics(observed)
  yield* replicaMetrics(observed)
  yield* logMetrics(observed)
  yield* coordinatorMetrics(observed)
  yield* controllerMetrics(observed)
}

function* topicMetrics(counters: Counters): Generator<Metric> {
  for (const [name, help, of] of OF_TOPICS) {
    yield { name: `kafka_server_brokertopicmetrics_${name}_total`, type: 'counter', help, samples: samples() }
    function* samples(): Generator<Sample> {
      yield { value: of(counters.total()) }
      for (const [topic, each] of counters.topics) yield { labels: { topic }, value: of(each) }
    }
  }
}

function* requestMetrics({ counters, apiName, connectionCount, waiting }: Observed): Generator<Metric> {
  const requests = [...counters.requests].map((each) => ({ ...each, request: apiName(each.apiKey) }))
  yield {
    name: 'kafka_network_requestmetrics_requests_total',
    type: 'counter',
    help: 'Requests handled, by API and version.',
    samples: requests.map(({ request, version, count }) => ({
      labels: { request, version: `${version}` },
      value: count,
    })),
  }
  const byApi = new Map<string, { count: number; localMs: number }>()
  for (const { request, count, localMs } of requests) {
    const sum = byApi.get(request) ?? { count: 0, localMs: 0 }
    byApi.set(request, { count: sum.count + count, localMs: sum.localMs + localMs })
  }
  yield {
    name: 'kafka_network_requestmetrics_localtimems',
    type: 'summary',
    help: 'Milliseconds that requests took on the thread, without waiting times.',
    samples: [...byApi].flatMap(([request, { count, localMs }]): Sample[] => [
      { labels: { request }, suffix: '_sum', value: localMs },
      { labels: { request }, suffix: '_count', value: count },
    ]),
  }
  yield gauge('kafka_server_socket_server_metrics_connection_count', 'Open connections.', connectionCount)
  yield {
    ...gauge('kafka_server_delayedoperationpurgatory_purgatorysize', 'Requests that wait for records.', 0),
    samples: [{ labels: { delayedOperation: 'Fetch' }, value: waiting }],
  }
}

function* replicaMetrics({ image, nodeId, partitionCount, offlineCount }: Observed): Generator<Metric> {
  let leaders = 0
  let underReplicated = 0
  for (const { partitions } of image.topics.values()) {
    for (const { leader, isr, replicas } of partitions) {
      if (leader !== nodeId) continue
      leaders++
      if (isr.length < replicas.length) underReplicated++
    }
  }
  const name = (what: string): string => `kafka_server_replicamanager_${what}`
  yield gauge(name('partitioncount'), 'Partitions whose logs are open here.', partitionCount)
  yield gauge(name('leadercount'), 'Partitions led by this broker.', leaders)
  const lagging = 'Partitions led here with replicas that are not in sync.'
  yield gauge(name('underreplicatedpartitions'), lagging, underReplicated)
  yield gauge(name('offlinereplicacount'), 'Partitions whose files could not be opened.', offlineCount)
}

function* logMetrics({ partitions }: Observed): Generator<Metric> {
  const ofEach = function* (value: (partition: Partition) => number): Generator<Sample> {
    for (const partition of partitions()) {
      const labels = { topic: partition.topic, partition: `${partition.index}` }
      yield { labels, value: value(partition) }
    }
  }
  const name = (what: string): string => `kafka_log_log_${what}`
  const bytes = 'Bytes of a partition’s segments.'
  yield { name: name('size'), type: 'gauge', help: bytes, samples: ofEach(({ log }) => log.sizeBytes) }
  const start = 'Log start offset of a partition.'
  yield {
    name: name('logstartoffset'),
    type: 'gauge',
    help: start,
    samples: ofEach(({ log }) => log.logStartOffset),
  }
  const end = 'Log end offset of a partition.'
  yield {
    name: name('logendoffset'),
    type: 'gauge',
    help: end,
    samples: ofEach(({ log }) => log.logEndOffset),
  }
}

function* coordinatorMetrics({ groups, transactionalIds }: Observed): Generator<Metric> {
  yield {
    ...gauge(
      'kafka_server_group_coordinator_metrics_group_count',
      'Groups coordinated here, by protocol.',
      0,
    ),
    samples: [
      { labels: { protocol: 'classic' }, value: groups.classic },
      { labels: { protocol: 'consumer' }, value: groups.consumer },
    ],
  }
  const name = 'kafka_coordinator_group_groupmetadatamanager'
  yield gauge(`${name}_numgroups`, 'Groups coordinated here.', groups.classic + groups.consumer)
  yield gauge(`${name}_numoffsets`, 'Committed offsets of these groups.', groups.offsets)
  const ids = 'Transactional ids coordinated here.'
  yield gauge('offset_zero_transactional_ids', ids, transactionalIds)
}

function* controllerMetrics({ image, nodeId }: Observed): Generator<Metric> {
  const isActive = image.controllerId === nodeId
  const name = (what: string): string => `kafka_controller_kafkacontroller_${what}`
  const active = '1 on the broker that is the controller, 0 elsewhere.'
  yield gauge(name('activecontrollercount'), active, isActive ? 1 : 0)
  if (!isActive) return
  const topics = [...image.topics.values()]
  const partitions = topics.flatMap((topic) => topic.partitions)
  const leaderless = partitions.filter(({ leader }) => leader < 0).length
  const brokers = [...image.brokers.values()]
  const fenced = brokers.filter((broker) => broker.fenced).length
  yield gauge(name('globaltopiccount'), 'Topics of the cluster.', topics.length)
  yield gauge(name('globalpartitioncount'), 'Partitions of the cluster.', partitions.length)
  yield gauge(name('offlinepartitionscount'), 'Partitions without a leader.', leaderless)
  yield gauge(name('activebrokercount'), 'Brokers that serve.', brokers.length - fenced)
  yield gauge(
    name('fencedbrokercount'),
    'Brokers that are registered and fenced, so they serve no clients.',
    fenced,
  )
}

/** A metric with one sample, whose value may rise and fall. */
export function gauge(name: string, help: string, value: number): Metric {
  return { name, type: 'gauge', help, samples: [{ value }] }
}

/** A metric with one sample, whose value only rises. */
export function counter(name: string, help: string, value: number): Metric {
  return { name, type: 'counter', help, samples: [{ value }] }
}
