/**
 * What a broker counts of its work, for the operator: plain numbers that only rise. (Kafka: BrokerTopicStats, RequestMetrics)
 *
 * Counting is in the way of every request, so it is an addition to a field: no lock, no clock, no text. What can be found
 * by looking (sizes, offsets, how many wait) is not counted, but looked at when somebody asks (broker/metrics.ts).
 *
 *   topics      by topic that this broker leads a partition of; one that is deleted leaves its numbers to the sum
 *   requests    by API key and version
 *
 * COUNTERS-1  there are as many counters as topics and versions of APIs, whatever clients send
 * COUNTERS-2  the sum over all topics never falls
 */

/** Of a topic, or of all of them. */
export class TopicCounters {
  messagesIn = 0
  bytesIn = 0
  bytesOut = 0
  /** Partitions in Produce requests, and those of them that were refused. */
  produceRequests = 0
  failedProduceRequests = 0
  /** Partitions in Fetch requests, counted each time that they are looked at, and those that could not be read. */
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
  /** What they cost on the thread, in ms; how long they waited is not in it. */
  localMs: number
}

export class Counters {
  /** Of topics that are there. */
  readonly topics = new Map<string, TopicCounters>()
  /** Of what has no topic: deleted ones, and those that never were. */
  readonly others = new TopicCounters()
  private readonly byRequest = new Map<number, RequestCounter>()

  /** The counters of a topic that this broker leads a partition of. */
  ofTopic(topic: string): TopicCounters {
    const found = this.topics.get(topic) ?? new TopicCounters()
    this.topics.set(topic, found)
    return found
  }

  /** The same for a name that a client sent: what is not led here is counted among the others (COUNTERS-1). */
  ofName(topic: string | undefined): TopicCounters {
    return this.topics.get(topic ?? '') ?? this.others
  }

  /** The topic is gone. */
  forgetTopic(topic: string): void {
    const found = this.topics.get(topic)
    if (!found) return
    this.topics.delete(topic)
    this.others.add(found)
  }

  /** All topics together (COUNTERS-2). */
  total(): TopicCounters {
    const sum = new TopicCounters()
    for (const each of [...this.topics.values(), this.others]) sum.add(each)
    return sum
  }

  /** The counter of an API that is served, in a version that is served. */
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
