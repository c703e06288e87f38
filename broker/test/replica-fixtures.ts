/**
 * For tests of decisions about replicas: an image with brokers and a topic, changed by records as in the metadata log.
 */
import { BrokerConfig } from '../src/config/broker-config.ts'
import {
  type BrokerImage,
  ImageBuilder,
  type PartitionImage,
} from '../src/controller/metadata/metadata-image.ts'
import { replayRecord } from '../src/controller/metadata/replay-record.ts'
import type { ReplicaContext } from '../src/controller/replicas/replica-context.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordInput,
} from '../src/messages/records/metadata-frame.ts'

export const ORDERS_ID = 'AAAAAAAAAAAAAAAAAAAABA'
const CLUSTER_ID = 'X1P25UbO4pCCcs2Qi2-rcg'

export class ReplicaCluster {
  private readonly image = new ImageBuilder(CLUSTER_ID, 1)
  private readonly config: BrokerConfig

  /** Active brokers with these ids and epochs of 10 times the id, and the topic `orders` with one partition per list of replicas. */
  constructor(options: {
    brokers: readonly number[]
    replicas?: readonly (readonly number[])[]
    minIsr?: number
    uncleanElections?: boolean
    isElrEnabled?: boolean
  }) {
    const { brokers, replicas = [], minIsr = 1, uncleanElections = false, isElrEnabled = true } = options
    this.config = new BrokerConfig({
      'min.insync.replicas': String(minIsr),
      'unclean.leader.election.enable': String(uncleanElections),
    })
    this.image.setFeature('eligible.leader.replicas.version', isElrEnabled ? 1 : 0)
    for (const id of brokers) this.setBroker(id)
    this.image.setTopic({ name: 'orders', id: ORDERS_ID, partitions: [] })
    this.replay(
      replicas.map((ids, partitionId) => ({
        name: 'PartitionRecord',
        version: 2,
        value: {
          partitionId,
          topicId: ORDERS_ID,
          replicas: ids,
          isr: ids,
          leader: ids[0]!,
          leaderEpoch: 0,
          partitionEpoch: 0,
          directories: ids.map(directoryOfBroker),
        },
      })),
    )
  }

  setBroker(id: number, changes: Partial<BrokerImage> = {}): void {
    this.image.setBroker({
      id,
      epoch: 10 * id,
      incarnationId: 'AAAAAAAAAAAAAAAAAAAACA',
      host: `host-${id}`,
      port: 9092,
      rack: null,
      fenced: false,
      inControlledShutdown: false,
      directories: [directoryOfBroker(id)],
      ...changes,
    })
  }

  get context(): ReplicaContext {
    return { image: this.image, config: this.config }
  }

  /** Replays records as they are read from the log. */
  replay(records: readonly MetadataRecordInput[]): void {
    for (const record of records)
      replayRecord(this.image, decodeMetadataRecord(encodeMetadataRecord(record)), this.image.offset + 1)
  }

  partition(index = 0): PartitionImage {
    return this.image.topic('orders')!.partitions[index]!
  }

  broker(id: number): BrokerImage | undefined {
    return this.image.brokers.get(id)
  }
}

/** The id of the only directory of a broker. */
export function directoryOfBroker(id: number): string {
  return `BBBBBBBBBBBBBBBBBBBBB${'AQgw'[id % 4]}`
}
