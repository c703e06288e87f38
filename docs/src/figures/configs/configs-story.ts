import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from '../../../../broker/src/messages/describe-configs'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../../../../broker/src/messages/incremental-alter-configs'
import { ProduceRequest, ProduceResponse } from '../../../../broker/src/messages/produce'
import { buildBatch } from '../../../../broker/src/record/batch-builder'
import { Simulation } from '../../../../broker/src/sim/simulation'
import { errorName } from '../../../../broker/src/wire/errors'
import { BROKER_KEY, type ConfigAsk, type ConfigView, LAYER_BYTES, type Layer, TOPIC_KEY } from './configs'

/** One setting in four places: what is in force, what the broker says about where it comes from, and what it does. */

const TOPIC = 'pictures'
const SEED = 17
const SET = 0
const TOPIC_TYPE = 2
const BROKER_TYPE = 4
/** DescribeConfigs' numbers of sources, by kafka-configs' names. */
const SOURCES: Readonly<Record<number, string>> = {
  1: 'DYNAMIC_TOPIC_CONFIG',
  2: 'DYNAMIC_BROKER_CONFIG',
  3: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
  4: 'STATIC_BROKER_CONFIG',
  5: 'DEFAULT_CONFIG',
}
/** The resource that a layer is set on while the broker runs; a file is read at the start. */
const RESOURCES: Readonly<Record<Exclude<Layer, 'file'>, { resourceType: number; resourceName: string }>> = {
  topic: { resourceType: TOPIC_TYPE, resourceName: TOPIC },
  broker: { resourceType: BROKER_TYPE, resourceName: '1' },
  brokers: { resourceType: BROKER_TYPE, resourceName: '' },
}

/** Starts a broker, sets what is asked for, looks, and sends a record. */
export function tellConfigs({ set, recordBytes }: ConfigAsk): ConfigView {
  const config: Record<string, string> = set.includes('file')
    ? { [BROKER_KEY]: String(LAYER_BYTES.file) }
    : {}
  const run = new Simulation({ seed: SEED, config })
  run.start()
  const client = run.client()
  const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
  client.call(CreateTopicsRequest, CreateTopicsResponse, 5, { topics: [topic] })
  for (const layer of set) {
    if (layer === 'file') continue
    const name = layer === 'topic' ? TOPIC_KEY : BROKER_KEY
    const configs = [{ name, configOperation: SET, value: String(LAYER_BYTES[layer]) }]
    const body = { resources: [{ ...RESOURCES[layer], configs }] }
    client.call(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, body)
  }
  const resource = { ...RESOURCES.topic, configurationKeys: [TOPIC_KEY] }
  const described = client.call(DescribeConfigsRequest, DescribeConfigsResponse, 4, {
    resources: [resource],
    includeSynonyms: true,
  })
  const { value, configSource, synonyms } = described.results[0]!.configs[0]!
  const records = buildBatch([{ key: null, value: new Uint8Array(recordBytes), timestamp: 0 }])
  const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
  const body = { acks: -1, timeoutMs: 1000, topicData }
  const { responses } = client.call(ProduceRequest, ProduceResponse, 9, body)
  return {
    bytes: Number(value),
    source: SOURCES[configSource]!,
    synonyms: synonyms.map((each) => ({
      name: each.name,
      value: String(each.value),
      source: SOURCES[each.source]!,
    })),
    answer: errorName(responses[0]!.partitionResponses[0]!.errorCode),
  }
}
