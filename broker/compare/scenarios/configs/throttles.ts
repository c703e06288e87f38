/**
 * Settings that only a running broker has: bounds on replication, and a listener's own bounds on connections.
 */
import { scenario } from '../../scenario.ts'
import { ALL_BROKERS, altered, describe, mayAlter, Op, thisBroker } from './resources.ts'

const RATES = [
  'leader.replication.throttled.rate',
  'follower.replication.throttled.rate',
  'replica.alter.log.dirs.io.max.bytes.per.second',
]
const VALUES = ['', '-1', '0', '5', ' 5 ', '1.5', 'x', '9223372036854775807', '9223372036854775808']

scenario(
  'IncrementalAlterConfigs: rates of replication',
  'kafka-reassign-partitions, KIP-73',
  async (recorder) => {
    for (const resource of [await thisBroker(recorder), ALL_BROKERS])
      for (const key of RATES) {
        for (const value of VALUES) await mayAlter(recorder, resource, [key, Op.SET, value])
        for (const operation of [Op.DELETE, Op.APPEND, Op.SUBTRACT])
          await mayAlter(recorder, resource, [key, operation, '5'])
      }
  },
)

scenario(
  'DescribeConfigs: rates of replication',
  'kafka-reassign-partitions, KIP-73',
  async (recorder) => {
    for (const resource of [await thisBroker(recorder), ALL_BROKERS])
      for (const key of RATES) {
        await altered(recorder, resource, [key, Op.SET, '1000000'])
        await describe(recorder, resource, [key])
        await altered(recorder, resource, [key, Op.DELETE, null])
      }
  },
  { alone: true },
)

scenario('IncrementalAlterConfigs: connections of one listener', 'KIP-612', async (recorder) => {
  for (const resource of [await thisBroker(recorder), ALL_BROKERS])
    for (const listener of ['plaintext', 'nowhere'])
      for (const key of ['max.connections', 'max.connection.creation.rate'])
        for (const value of ['0', '-1', '1'])
          await mayAlter(recorder, resource, [`listener.name.${listener}.${key}`, Op.SET, value])
})
