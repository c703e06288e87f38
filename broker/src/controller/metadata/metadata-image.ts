/**
 * The metadata of a cluster at one moment: what you get by replaying the metadata log up to there.
 *
 * Nobody changes an image. The controller appends records, replays them onto a copy, and hands out the new image; who
 * holds an old one goes on reading it. What is big (the topics) is shared between images and copied where it changes.
 *
 * METADATA-IMAGE-1  replaying the same records gives the same image
 * METADATA-IMAGE-2  a topic is found by name and by id, or by neither
 */
export interface BrokerImage {
  readonly id: number
  /** The offset of the broker's registration record: a new one with every start (KIP-631). */
  readonly epoch: number
  /** Another one with every start of the process. */
  readonly incarnationId: string
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly fenced: boolean
  /** The ids of its log directories (KIP-858). */
  readonly directories: readonly string[]
}

export interface PartitionImage {
  /** A node id, or -1 while there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  /** Counts the changes of this record. */
  readonly partitionEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  /** KIP-966: replicas that left the ISR when it was at its minimum, and have all that was committed. */
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
  readonly directories: readonly string[]
}

export interface TopicImage {
  readonly name: string
  readonly id: string
  readonly partitions: readonly PartitionImage[]
}

/** What a config belongs to: `topic:orders`, `broker:1`, `broker:` (all brokers), `group:g`. */
export type ConfigResource = `${'topic' | 'broker' | 'group' | 'client-metrics'}:${string}`

/** What a quota applies to: names by type (`user`, `client-id`, `ip`); null is the default, for all without their own. */
export type QuotaEntity = Readonly<Record<string, string | null>>

/** What is set for one entity, by key. */
export interface QuotaImage {
  readonly entity: QuotaEntity
  readonly values: ReadonlyMap<string, number>
}

/** How a user's password is checked (scram-decisions.ts). */
export interface ScramCredential {
  readonly salt: Uint8Array
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
  readonly iterations: number
}

export interface MetadataImage {
  readonly clusterId: string
  /** The offset of the last record that is in it. */
  readonly offset: number
  readonly controllerId: number
  readonly brokers: ReadonlyMap<number, BrokerImage>
  readonly topics: ReadonlyMap<string, TopicImage>
  readonly configs: ReadonlyMap<ConfigResource, ReadonlyMap<string, string>>
  /** By `quotaKeyOf` its entity. Another map whenever one of them changes. */
  readonly quotas: ReadonlyMap<string, QuotaImage>
  /** By user, and by the number of the mechanism. */
  readonly scram: ReadonlyMap<string, ReadonlyMap<number, ScramCredential>>
  /** Finalized levels by feature. */
  readonly features: ReadonlyMap<string, number>
  /** The first producer id that no block has. */
  readonly nextProducerId: number
  topic(name: string): TopicImage | undefined
  topicById(id: string): TopicImage | undefined
  /** The topic whose name metrics would write as they write `name`, if both have a '.' or a '_'. */
  topicLike(name: string): TopicImage | undefined
}

/** An image that is being made. */
export class ImageBuilder implements MetadataImage {
  readonly clusterId: string
  readonly controllerId: number
  offset: number
  brokers: Map<number, BrokerImage>
  topics: Map<string, TopicImage>
  configs: Map<ConfigResource, ReadonlyMap<string, string>>
  quotas: ReadonlyMap<string, QuotaImage>
  scram: ReadonlyMap<string, ReadonlyMap<number, ScramCredential>>
  features: Map<string, number>
  nextProducerId: number
  private names: Map<string, string>
  /** Names with '.' or '_', under what metrics make of them: two that agree collide (Topic.hasCollision). */
  private metricNames: Map<string, string>
  /** Arrays that were made here since the last copy: nobody else has them, so they may be changed. */
  private own = new WeakSet<readonly PartitionImage[]>()
  private ownsQuotas = false
  private ownsScram = false

  /** A copy of `base`, or an empty image. */
  constructor(clusterId: string, controllerId: number, base?: ImageBuilder) {
    this.clusterId = clusterId
    this.controllerId = controllerId
    this.offset = base?.offset ?? -1
    this.brokers = new Map(base?.brokers)
    this.topics = new Map(base?.topics)
    this.configs = new Map(base?.configs)
    this.quotas = base?.quotas ?? new Map()
    this.scram = base?.scram ?? new Map()
    this.features = new Map(base?.features)
    this.nextProducerId = base?.nextProducerId ?? 0
    this.names = new Map(base?.names)
    this.metricNames = new Map(base?.metricNames)
    if (base) {
      base.own = new WeakSet()
      base.ownsQuotas = false
      base.ownsScram = false
    }
  }

  topic(name: string): TopicImage | undefined {
    return this.topics.get(name)
  }

  topicById(id: string): TopicImage | undefined {
    const name = this.names.get(id)
    return name === undefined ? undefined : this.topics.get(name)
  }

  setTopic(topic: TopicImage): void {
    this.topics.set(topic.name, topic)
    this.names.set(topic.id, topic.name)
    if (/[._]/.test(topic.name)) this.metricNames.set(metricName(topic.name), topic.name)
  }

  topicLike(name: string): TopicImage | undefined {
    return this.topic(this.metricNames.get(metricName(name)) ?? '')
  }

  removeTopic(id: string): void {
    const topic = this.topicById(id)
    if (!topic) return
    this.topics.delete(topic.name)
    this.names.delete(id)
    this.metricNames.delete(metricName(topic.name))
    this.configs.delete(`topic:${topic.name}`)
  }

  setPartition(topicId: string, index: number, partition: PartitionImage): void {
    const topic = this.topicById(topicId)
    if (!topic) throw new Error(`image: a partition of the unknown topic ${topicId}`)
    // A topic of 10,000 partitions is not copied 10,000 times while it is made.
    if (this.own.has(topic.partitions)) {
      const partitions = topic.partitions as PartitionImage[]
      partitions[index] = partition
      return
    }
    const partitions = [...topic.partitions]
    partitions[index] = partition
    this.own.add(partitions)
    this.setTopic({ ...topic, partitions })
  }

  /** Sets a config, or unsets it when `value` is null. */
  setConfig(resource: ConfigResource, name: string, value: string | null): void {
    const configs = new Map(this.configs.get(resource))
    if (value === null) configs.delete(name)
    else configs.set(name, value)
    if (configs.size === 0) this.configs.delete(resource)
    else this.configs.set(resource, configs)
  }

  /** Sets a user's password, or unsets it when `credential` is null. */
  setScram(user: string, mechanism: number, credential: ScramCredential | null): void {
    const scram = this.ownsScram
      ? (this.scram as Map<string, ReadonlyMap<number, ScramCredential>>)
      : new Map(this.scram)
    this.ownsScram = true
    const mechanisms = new Map(scram.get(user))
    if (credential === null) mechanisms.delete(mechanism)
    else mechanisms.set(mechanism, credential)
    if (mechanisms.size === 0) scram.delete(user)
    else scram.set(user, mechanisms)
    this.scram = scram
  }

  /** Sets a quota, or unsets it when `value` is null. */
  setQuota(entity: QuotaEntity, key: string, value: number | null): void {
    const at = quotaKeyOf(entity)
    const quotas = this.ownsQuotas ? (this.quotas as Map<string, QuotaImage>) : new Map(this.quotas)
    this.ownsQuotas = true
    const values = new Map(quotas.get(at)?.values)
    if (value === null) values.delete(key)
    else values.set(key, value)
    if (values.size === 0) quotas.delete(at)
    else quotas.set(at, { entity, values })
    this.quotas = quotas
  }
}

function metricName(name: string): string {
  return name.replaceAll('.', '_')
}

/** The same text for the same entity, in whatever order its types were named. */
export function quotaKeyOf(entity: QuotaEntity): string {
  return JSON.stringify(Object.entries(entity).sort(([a], [b]) => (a < b ? -1 : 1)))
}
