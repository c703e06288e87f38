/**
 * The order in which quotas are listed, and the texts that mean an address.
 */
import { scenario } from '../../scenario.ts'
import { until } from '../until.ts'

const ALL = ['user', 'client-id'].map((entityType) => ({ entityType, matchType: 2, match: null }))

scenario(
  'DescribeClientQuotas: the order of many',
  'a client suite that compares lists, KIP-546',
  async ({ call, quietly, name }) => {
    const entities = Array.from({ length: 40 }, (_, at) => {
      const user = { entityType: 'user', entityName: at % 7 === 0 ? null : `${name('user')}` }
      const client = { entityType: 'client-id', entityName: `client-${at}` }
      return [[user, client], [client, user], [client]][at % 3]!
    })
    const keys = [
      'request_percentage',
      'consumer_byte_rate',
      'producer_byte_rate',
      'controller_mutation_rate',
    ]
    const entries = entities.map((entity, at) => ({
      entity,
      ops: keys.slice(at % 4).map((key) => ({ key, value: at + 1, remove: false })),
    }))
    const described = () => quietly('DescribeClientQuotas', 1, { components: [], strict: false })
    for (const part of [entries.slice(0, 5), entries.slice(5, 14), entries.slice(14)]) {
      await call('AlterClientQuotas', 1, { entries: part })
      const last = part.at(-1)!
      await until('set', async () => {
        const { entries: told } = await described()
        return told!.some(({ entity }) =>
          entity.some(
            ({ entityName }) =>
              entityName === last.entity.find((each) => each.entityType === 'client-id')!.entityName,
          ),
        )
      })
      await call('DescribeClientQuotas', 1, { components: [], strict: false })
      await call('DescribeClientQuotas', 1, { components: ALL, strict: true })
    }
    const mistaken = ['b', 'a', 'producer_byte_rate', 'z_rate'].map((key) => ({
      key,
      value: -1,
      remove: false,
    }))
    await call('AlterClientQuotas', 1, {
      entries: [{ entity: entities[0]!, ops: mistaken }],
      validateOnly: true,
    })
    const removed = entities.map((entity) => ({
      entity,
      ops: keys.map((key) => ({ key, value: 0, remove: true })),
    }))
    await call('AlterClientQuotas', 1, { entries: removed })
    await until('removed', async () => (await described()).entries!.length === 0)
  },
  { alone: true },
)

const ADDRESSES = {
  'in four numbers or fewer': ['127.0.0.1', '127.1', '127.0.1', '1', '4294967295', '017.0.0.1', '1.2.3.04'],
  'with numbers that are too large': ['4294967296', '256.1.1.1', '1.2.3.999', '1.2.65536', '1.16777216'],
  'in groups': [
    '::1',
    '[::1]',
    '::',
    '::ffff:1.2.3.4',
    '::1.2.3.4',
    '1:2:3:4:5:6:7:8',
    '0:0:0:0:0:0:0:00001',
  ],
  'in groups that are none': [
    ':',
    ':::',
    '1::2::3',
    '12345::',
    'g::',
    '::ffff:1.2.3',
    '1:2:3',
    '[::1',
    '[127.1]',
  ],
  'with a scope': ['fe80::1%1', 'fe80::1%no-such-card', '::1%', '1.2.3.4%1'],
  'by name': [
    'localhost',
    'LocalHost',
    'no-such-host.invalid',
    '.',
    '-',
    '1.',
    '.1',
    '1..2',
    '0x7f.1',
    'a b',
    'ü',
  ],
}
for (const [how, texts] of Object.entries(ADDRESSES))
  scenario(`AlterClientQuotas: addresses ${how}`, 'KIP-612', async ({ call }) => {
    for (const entityName of texts) {
      const entity = [{ entityType: 'ip', entityName }]
      const ops = [{ key: 'connection_creation_rate', value: 1_000_000, remove: false }]
      await call('AlterClientQuotas', 1, { entries: [{ entity, ops }], validateOnly: true })
    }
  })
