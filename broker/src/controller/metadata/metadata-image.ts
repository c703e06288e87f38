/**
 * The metadata of a cluster at one offset: the result of replaying the metadata log up to it.
 *
 * A published image never changes. The controller appends records, replays them onto a copy, and publishes the copy as the
 * new image; readers may keep an old one. Large parts (the topics) are shared between images, and copied when they change.
 *
 * METADATA-IMAGE-1  replaying the same records gives the same image
 * METADATA-IMAGE-2  a topic is found by name and by id, or by neither
 */
export interface BrokerImage {
  readonly id: number
  /** The offset of the registration record; changes with every start (KIP-631). */
  readonly epoch: number
  /** A random id that changes with every start of the process. */
  readonly incarnationId: string
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly fenced: boolean
  /** The ids of its log directories (KIP-858). */
  readonly directories: readonly string[]
}

export interface PartitionImage {
  /** A node id, or -1 if the partition has no leader. */
  readonly leader: number
  readonly leaderEpoch: number
  /** The number of changes of this partition. */
  readonly partitionEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  /** KIP-966: replicas that left the ISR at its minimum size and have all committed records. */
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
  readonly directories: readonly string[]
}

export interface TopicImage {
  readonly name: string
  readonly id: string
  readonly partitions: readonly PartitionImage[]
}

/** A resource with configs: `topic:orders`, `broker:1`, `broker:` (all brokers), `group:g`. */
export type ConfigResource = `${'topic' | 'broker' | 'group' | 'client-metrics'}:${string}`

/** The entity of a quota: names by type (`user`, `client-id`, `ip`); null is the default for names without a quota. */
export type QuotaEntity = Readonly<Record<string, string | null>>

/** The limits of one entity, by key. */
export interface QuotaImage {
  readonly entity: QuotaEntity
  readonly values: ReadonlyMap<string, number>
}

/** What is stored to verify a password (scram-decisions.ts). */
export interface ScramCredential {
  readonly salt: Uint8Array
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
  readonly iterations: number
}

export interface MetadataImage {
  readonly clusterId: string
  /** The offset of the last record in this image. */
  readonly offset: number
  readonly controllerId: number
  readonly brokers: ReadonlyMap<number, BrokerImage>
  readonly topics: ReadonlyMap<string, TopicImage>
  readonly configs: ReadonlyMap<ConfigResource, ReadonlyMap<string, string>>
  /** By quotaKeyOf(entity). A new map whenever a quota changes. */
  readonly quotas: ReadonlyMap<string, QuotaImage>
  /** By user, then by the number of the mechanism. */
  readonly scram: ReadonlyMap<string, ReadonlyMap<number, ScramCredential>>
  /** Finalized levels by feature. */
  readonly features: ReadonlyMap<string, number>
  /** The first producer id that is not allocated. */
  readonly nextProducerId: number
  topic(name: string): TopicImage | undefined
  topicById(id: string): TopicImage | undefined
  /** The topic that has the same name as `name` in metrics, where '.' is written as '_'. */
  topicLike(name: string): TopicImage | undefined
}

/** An image that is being built. */
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
  /** Names with '.' or '_' by their form in metrics; equal forms collide (Topic.hasCollision). */
  private metricNames: Map<string, string>
  /** Arrays that were created since the last copy: no other image shares them, so they may be changed in place. */
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
    // Do not copy the array 10,000 times while a topic with 10,000 partitions is created.
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

/** The key of an entity; independent of the order of its types. */
export function quotaKeyOf(entity: QuotaEntity): string {
  return JSON.stringify(Object.entries(entity).sort(([a], [b]) => (a < b ? -1 : 1)))
}
