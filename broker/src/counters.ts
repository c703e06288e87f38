/**
 * Counters of a broker's work, for operators: numbers that only rise. (Kafka: BrokerTopicStats, RequestMetrics)
 *
 * Every request is counted, so counting is only an addition to a field: no lock, no clock, no strings. Values that can be
 * computed on demand (sizes, offsets, delayed requests) are not counted (broker/metrics.ts).
 *
 *   topics      by topic of which this broker leads a partition; a deleted topic's counts are added to a common sum
 *   requests    by API key and version
 *
 * COUNTERS-1  the number of counters depends on topics and API versions only, not on what clients send
 * COUNTERS-2  the sum over all topics never falls
 */

/** Counters of one topic, or of all. */
export class TopicCounters {
  messagesIn = 0
  bytesIn = 0
  bytesOut = 0
  /** Partitions in Produce requests, and the refused ones among them. */
  produceRequests = 0
  failedProduceRequests = 0
  /** Partitions in Fetch requests, counted again at each attempt to complete a delayed fetch, and those with an error. */
  fetchRequests = 0
  failedFetchRequests = 0

  add(other: TopicCounters): void {
    for (const name of Object.keys(this) as (keyof TopicCounters & CounterName)[]) this[name] += other[name]
  }
}

type CounterName = Exclude<keyof TopicCounters, 'add'>

/** Requests of one version of one API. */
export interface RequestCounter {
  readonly apiKey: number
  readonly version: number
  count: number
  /** Thread time in ms, without waiting times. */
  localMs: number
}

export class Counters {
  /** By existing topic. */
  readonly topics = new Map<string, TopicCounters>()
  /** Of everything without an existing topic: deleted and unknown ones. */
  readonly others = new TopicCounters()
  private readonly byRequest = new Map<number, RequestCounter>()

  /** The counters of a topic of which this broker leads a partition. */
  ofTopic(topic: string): TopicCounters {
    const found = this.topics.get(topic) ?? new TopicCounters()
    this.topics.set(topic, found)
    return found
  }

  /** The same for a name from a client: topics that are not led here share one counter (COUNTERS-1). */
  ofName(topic: string | undefined): TopicCounters {
    return this.topics.get(topic ?? '') ?? this.others
  }

  /** The topic was deleted. */
  forgetTopic(topic: string): void {
    const found = this.topics.get(topic)
    if (!found) return
    this.topics.delete(topic)
    this.others.add(found)
  }

  /** The sum over all topics (COUNTERS-2). */
  total(): TopicCounters {
    const sum = new TopicCounters()
    for (const each of [...this.topics.values(), this.others]) sum.add(each)
    return sum
  }

  /** The counter of a served API in a served version. */
  ofRequest(apiKey: number, version: number): RequestCounter {
    const key = apiKey * 1024 + version
    const found = this.byRequest.get(key)
    if (found) return found
    const counter = { apiKey, version, count: 0, localMs: 0 }
    this.byRequest.set(key, counter)
    return counter
  }

  get requests(): Iterable<RequestCounter> {
    return this.byRequest.values()
  }
}
