/**
 * The metadata of a cluster at one offset: the result of replaying the metadata log up to it.
 *
 * A published image never changes. The controller appends records, replays them onto a copy, and publishes the copy as the
 * new image; readers may keep an old one. What does not change is shared between images (shared-map.ts): a copy with one new
 * topic takes microseconds, however many topics there are. A part that is the same object in two images has not changed.
 *
 * METADATA-IMAGE-1  replaying the same records gives the same image
 * METADATA-IMAGE-2  a topic is found by name and by id, or by neither
 */
import { SharedMap } from '../../shared-map.ts'

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
  /** It is about to stop, and leads no partitions any more (KIP-841). */
  readonly inControlledShutdown: boolean
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
  /** Replicas that a reassignment takes away, and those that it adds (KIP-455). */
  readonly removing: readonly number[]
  readonly adding: readonly number[]
  /** 1 while the leader recovers from an unclean election, otherwise 0 (KIP-704). */
  readonly leaderRecoveryState: number
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
  brokers: SharedMap<number, BrokerImage>
  topics: SharedMap<string, TopicImage>
  configs: SharedMap<ConfigResource, ReadonlyMap<string, string>>
  quotas: SharedMap<string, QuotaImage>
  scram: SharedMap<string, ReadonlyMap<number, ScramCredential>>
  features: SharedMap<string, number>
  nextProducerId: number
  private names: SharedMap<string, string>
  /** Names with '.' or '_' by their form in metrics; equal forms collide (Topic.hasCollision). */
  private metricNames: SharedMap<string, string>
  /** Maps and arrays that were created since the last copy: no other image shares them, so they may be changed in place. */
  private own = new WeakSet<object>()

  /** A copy of `base`, or an empty image. */
  constructor(clusterId: string, controllerId: number, base?: ImageBuilder) {
    this.clusterId = clusterId
    this.controllerId = controllerId
    this.offset = base?.offset ?? -1
    this.brokers = base?.brokers ?? new SharedMap()
    this.topics = base?.topics ?? new SharedMap()
    this.configs = base?.configs ?? new SharedMap()
    this.quotas = base?.quotas ?? new SharedMap()
    this.scram = base?.scram ?? new SharedMap()
    this.features = base?.features ?? new SharedMap()
    this.nextProducerId = base?.nextProducerId ?? 0
    this.names = base?.names ?? new SharedMap()
    this.metricNames = base?.metricNames ?? new SharedMap()
    if (base) base.own = new WeakSet()
  }

  setBroker(broker: BrokerImage): void {
    this.brokers = this.owned(this.brokers).set(broker.id, broker)
  }

  removeBroker(id: number): void {
    this.brokers = this.without(this.brokers, id)
  }

  setFeature(name: string, level: number): void {
    this.features = this.owned(this.features).set(name, level)
  }

  topic(name: string): TopicImage | undefined {
    return this.topics.get(name)
  }

  topicById(id: string): TopicImage | undefined {
    const name = this.names.get(id)
    return name === undefined ? undefined : this.topics.get(name)
  }

  setTopic(topic: TopicImage): void {
    const { name, id } = topic
    this.topics = this.owned(this.topics).set(name, topic)
    if (this.names.get(id) === name) return
    this.names = this.owned(this.names).set(id, name)
    if (/[._]/.test(name)) this.metricNames = this.owned(this.metricNames).set(metricName(name), name)
  }

  topicLike(name: string): TopicImage | undefined {
    return this.topic(this.metricNames.get(metricName(name)) ?? '')
  }

  removeTopic(id: string): void {
    const topic = this.topicById(id)
    if (!topic) return
    this.topics = this.without(this.topics, topic.name)
    this.names = this.without(this.names, id)
    this.metricNames = this.without(this.metricNames, metricName(topic.name))
    this.configs = this.without(this.configs, `topic:${topic.name}` as const)
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
    this.configs = this.with(this.configs, resource, configs)
  }

  /** Sets a user's password, or unsets it when `credential` is null. */
  setScram(user: string, mechanism: number, credential: ScramCredential | null): void {
    const mechanisms = new Map(this.scram.get(user))
    if (credential === null) mechanisms.delete(mechanism)
    else mechanisms.set(mechanism, credential)
    this.scram = this.with(this.scram, user, mechanisms)
  }

  /** Sets a quota, or unsets it when `value` is null. */
  setQuota(entity: QuotaEntity, key: string, value: number | null): void {
    const at = quotaKeyOf(entity)
    const values = new Map(this.quotas.get(at)?.values)
    if (value === null) values.delete(key)
    else values.set(key, value)
    this.quotas =
      values.size === 0 ? this.without(this.quotas, at) : this.owned(this.quotas).set(at, { entity, values })
  }

  /** This map, or, if another image has it too, a copy that only this image has. */
  private owned<K, V extends {}>(map: SharedMap<K, V>): SharedMap<K, V> {
    if (this.own.has(map)) return map
    const copy = map.copy()
    this.own.add(copy)
    return copy
  }

  /** An owned map with these values at `key`; if they are none, without the key. */
  private with<K, V extends { readonly size: number }>(
    map: SharedMap<K, V>,
    key: K,
    values: V,
  ): SharedMap<K, V> {
    return values.size === 0 ? this.without(map, key) : this.owned(map).set(key, values)
  }

  private without<K, V extends {}>(map: SharedMap<K, V>, key: K): SharedMap<K, V> {
    if (!map.has(key)) return map
    const owned = this.owned(map)
    owned.delete(key)
    return owned
  }
}

function metricName(name: string): string {
  return name.replaceAll('.', '_')
}

/** The key of an entity; independent of the order of its types. */
export function quotaKeyOf(entity: QuotaEntity): string {
  return JSON.stringify(Object.entries(entity).sort(([a], [b]) => (a < b ? -1 : 1)))
}
