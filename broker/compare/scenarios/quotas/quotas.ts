/**
 * Quotas: set, described and removed by admin clients (KIP-546). Each scenario removes its quotas.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { until } from '../until.ts'

type Entry = NonNullable<RequestOf<'AlterClientQuotas'>['entries']>[number]
type Entity = NonNullable<Entry['entity']>
type Filter = NonNullable<RequestOf<'DescribeClientQuotas'>['components']>

const KEYS = [
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
  'connection_creation_rate',
] as const

const user = (entityName: string | null) => ({ entityType: 'user', entityName })
const client = (entityName: string | null) => ({ entityType: 'client-id', entityName })
const ip = (entityName: string | null) => ({ entityType: 'ip', entityName })
const set = (key: string, value: number) => ({ key, value, remove: false })
const unset = (key: string) => ({ key, value: 0, remove: true })

const EXACT = 0
const DEFAULT = 1
const ANY = 2

/** What is set for exactly this entity. */
async function quotasOf({ quietly }: Recorder, entity: Entity) {
  const components = entity.map(({ entityType, entityName }) => ({
    entityType: entityType!,
    matchType: entityName === null ? DEFAULT : EXACT,
    match: entityName!,
  }))
  const { entries } = await quietly('DescribeClientQuotas', 1, { components, strict: true })
  return entries ?? []
}

async function untilSet(recorder: Recorder, entity: Entity, count: number): Promise<void> {
  await until(`${count} quotas`, async () => {
    const entries = await quotasOf(recorder, entity)
    return (entries[0]?.values.length ?? 0) === count
  })
}

async function clear(recorder: Recorder, entity: Entity): Promise<void> {
  const ops = KEYS.map(unset)
  await recorder.quietly('AlterClientQuotas', 1, { entries: [{ entity, ops }] })
  await untilSet(recorder, entity, 0)
}

/** Kinds of entities, and the keys that they may have. */
const ENTITIES: readonly (readonly [string, (name: string) => Entity])[] = [
  ['a user', (name) => [user(name)]],
  ['every user', () => [user(null)]],
  ['a client id', (name) => [client(name)]],
  ['every client id', () => [client(null)]],
  ['a user with a client id', (name) => [user(name), client(name)]],
  ['a user with every client id', (name) => [user(name), client(null)]],
  ['every user with a client id', (name) => [user(null), client(name)]],
  ['every user with every client id', () => [user(null), client(null)]],
  ['an address', () => [ip('127.0.0.9')]],
  ['every address', () => [ip(null)]],
]
for (const [what, entityOf] of ENTITIES) {
  scenario(
    `AlterClientQuotas: ${what}, each key`,
    'Admin.alterClientQuotas, KIP-546',
    async (recorder) => {
      const entity = entityOf(recorder.name('who'))
      const isIp = entity[0]!.entityType === 'ip'
      for (const key of KEYS) {
        const entries = [{ entity, ops: [set(key, 1_000_000)] }]
        await recorder.call('AlterClientQuotas', 1, { entries, validateOnly: true })
      }
      const mine = KEYS.filter((key) => (key === 'connection_creation_rate') === isIp)
      for (const [at, key] of mine.entries()) {
        await recorder.call('AlterClientQuotas', at % 2, {
          entries: [{ entity, ops: [set(key, 1_000_000 + at)] }],
        })
      }
      await untilSet(recorder, entity, mine.length)
      recorder.note('set', await quotasOf(recorder, entity))
      await clear(recorder, entity)
      recorder.note('cleared', await quotasOf(recorder, entity))
    },
    { alone: what.startsWith('every') },
  )
}

scenario('AlterClientQuotas: set, again, anew, removed, again', 'KIP-546', async (recorder) => {
  const entity = [client(recorder.name('who'))]
  const key = KEYS[0]
  for (const version of versionsOf('AlterClientQuotas')) {
    for (const op of [set(key, 500), set(key, 500), set(key, 600), unset(key), unset(key)]) {
      await recorder.call('AlterClientQuotas', version, { entries: [{ entity, ops: [op] }] })
      await untilSet(recorder, entity, op.remove ? 0 : 1)
    }
  }
})

const BAD_ENTITIES: readonly (readonly [string, Entity])[] = [
  ['nobody', []],
  ['a kind that is not there', [{ entityType: 'group', entityName: 'g' }]],
  ['a kind without a name', [{ entityType: '', entityName: 'g' }]],
  ['a user without a name', [user('')]],
  ['a client id without a name', [client('')]],
  ['an address without a name', [ip('')]],
  ['an address and a user', [ip('127.0.0.1'), user('u')]],
  ['an address and a client id', [ip('127.0.0.1'), client('c')]],
  ['all three', [ip('127.0.0.1'), user('u'), client('c')]],
  ['a user twice', [user('u'), user('v')]],
  ['an address that is none', [ip('no such host')]],
]
for (const [what, entity] of BAD_ENTITIES) {
  scenario(`AlterClientQuotas: for ${what}`, 'KIP-546', async ({ call }) => {
    for (const version of versionsOf('AlterClientQuotas'))
      for (const key of ['producer_byte_rate', 'connection_creation_rate', 'no_such_rate'])
        await call('AlterClientQuotas', version, {
          entries: [{ entity, ops: [set(key, 5)] }],
          validateOnly: true,
        })
    await call('AlterClientQuotas', 1, { entries: [{ entity, ops: [] }], validateOnly: true })
  })
}

scenario('AlterClientQuotas: values that are none', 'KIP-546', async ({ call, name }) => {
  const entity = [client(name('who'))]
  for (const key of KEYS)
    for (const value of [0, -1, 0.5, 1.000_000_1, 1e300, Number.NaN, Number.POSITIVE_INFINITY, -0.5])
      await call('AlterClientQuotas', 1, {
        entries: [{ entity, ops: [set(key, value)] }],
        validateOnly: true,
      })
})

scenario('AlterClientQuotas: keys that are none', 'KIP-546', async ({ call, name }) => {
  const entity = [client(name('who'))]
  for (const key of ['', 'producer', 'PRODUCER_BYTE_RATE', 'retention.ms'])
    for (const op of [set(key, 1), unset(key)])
      await call('AlterClientQuotas', 1, { entries: [{ entity, ops: [op] }], validateOnly: true })
})

scenario('AlterClientQuotas: a key twice', 'any client of its own making', async (recorder) => {
  const entity = [client(recorder.name('who'))]
  for (const ops of [
    [set(KEYS[0], 1), set(KEYS[0], 2)],
    [set(KEYS[0], 1), unset(KEYS[0])],
  ])
    await recorder.call('AlterClientQuotas', 1, { entries: [{ entity, ops }] })
  recorder.note('set', await quotasOf(recorder, entity))
})

scenario('AlterClientQuotas: an entity twice', 'any client of its own making', async (recorder) => {
  const entity = [client(recorder.name('who'))]
  const entries = [1, 2].map((value) => ({ entity, ops: [set(KEYS[0], value)] }))
  await recorder.call('AlterClientQuotas', 1, { entries })
  await clear(recorder, entity)
})

scenario('AlterClientQuotas: good and bad in one request', 'KIP-546', async (recorder) => {
  const [good, bad] = [[client(recorder.name('good'))], [client(recorder.name('bad'))]]
  const entries = [
    { entity: good, ops: [set(KEYS[0], 1)] },
    { entity: bad, ops: [set('no_such_rate', 1)] },
  ]
  await recorder.call('AlterClientQuotas', 1, { entries })
  recorder.note('good', await quotasOf(recorder, good))
  recorder.note('bad', await quotasOf(recorder, bad))
  await clear(recorder, good)
})

scenario('AlterClientQuotas: one key good, one bad', 'KIP-546', async (recorder) => {
  const entity = [client(recorder.name('who'))]
  for (const ops of [
    [set(KEYS[0], 1), set('no_such_rate', 1)],
    [set('no_such_rate', 1), set(KEYS[1], 1)],
    [set(KEYS[0], 2), set(KEYS[1], 0.5)],
  ])
    await recorder.call('AlterClientQuotas', 1, { entries: [{ entity, ops }] })
  recorder.note('set', await quotasOf(recorder, entity))
  await clear(recorder, entity)
})

scenario('AlterClientQuotas: nothing', 'any client of its own making', async ({ call }) => {
  for (const version of versionsOf('AlterClientQuotas'))
    await call('AlterClientQuotas', version, { entries: [] })
})

/** Every filter, over the same few entities. */
const FILTERS: readonly (readonly [string, (name: string) => Filter])[] = [
  ['a user', (name) => [{ entityType: 'user', matchType: EXACT, match: name }]],
  ['every user by default', () => [{ entityType: 'user', matchType: DEFAULT, match: null }]],
  ['any user', () => [{ entityType: 'user', matchType: ANY, match: null }]],
  ['a client id', (name) => [{ entityType: 'client-id', matchType: EXACT, match: name }]],
  ['any client id', () => [{ entityType: 'client-id', matchType: ANY, match: null }]],
  [
    'a user and a client id',
    (name) => [
      { entityType: 'user', matchType: EXACT, match: name },
      { entityType: 'client-id', matchType: EXACT, match: name },
    ],
  ],
  [
    'a user and any client id',
    (name) => [
      { entityType: 'user', matchType: EXACT, match: name },
      { entityType: 'client-id', matchType: ANY, match: null },
    ],
  ],
  [
    'a user and every client id by default',
    (name) => [
      { entityType: 'user', matchType: EXACT, match: name },
      { entityType: 'client-id', matchType: DEFAULT, match: null },
    ],
  ],
  ['anything', () => []],
]
for (const [what, filterOf] of FILTERS) {
  // Alone, for the order depends on how many quotas there are.
  scenario(
    `DescribeClientQuotas: ${what}`,
    'Admin.describeClientQuotas, KIP-546',
    async (recorder) => {
      const name = recorder.name('who')
      const entities = [[user(name)], [client(name)], [user(name), client(name)], [user(name), client(null)]]
      const entries = entities.map((entity) => ({ entity, ops: [set(KEYS[0], 7), set(KEYS[2], 0.5)] }))
      await recorder.quietly('AlterClientQuotas', 1, { entries })
      for (const entity of entities) await untilSet(recorder, entity, 2)
      for (const version of versionsOf('DescribeClientQuotas'))
        for (const strict of [true, false]) {
          const asked = { components: filterOf(name), strict }
          const { entries, ...rest } = await recorder.quietly('DescribeClientQuotas', version, asked)
          const mine =
            entries?.filter(({ entity }) => entity.some((each) => each.entityName === name)) ?? null
          recorder.note(`DescribeClientQuotas v${version}, strict ${strict}`, {
            ...rest,
            entries: mine,
          })
        }
      for (const entity of entities) await clear(recorder, entity)
    },
    { alone: true },
  )
}

const BAD_FILTERS: readonly (readonly [string, Filter])[] = [
  ['a kind that is not there', [{ entityType: 'group', matchType: ANY, match: null }]],
  ['a kind without a name', [{ entityType: '', matchType: ANY, match: null }]],
  ['a way that is not there', [{ entityType: 'user', matchType: 3, match: null }]],
  ['a way below 0', [{ entityType: 'user', matchType: -1, match: null }]],
  ['exactly nothing', [{ entityType: 'user', matchType: EXACT, match: null }]],
  ['the default by name', [{ entityType: 'user', matchType: DEFAULT, match: 'u' }]],
  ['any by name', [{ entityType: 'user', matchType: ANY, match: 'u' }]],
  ['an empty name', [{ entityType: 'user', matchType: EXACT, match: '' }]],
  [
    'a kind twice',
    [
      { entityType: 'user', matchType: ANY, match: null },
      { entityType: 'user', matchType: DEFAULT, match: null },
    ],
  ],
  [
    'an address and a user',
    [
      { entityType: 'ip', matchType: ANY, match: null },
      { entityType: 'user', matchType: ANY, match: null },
    ],
  ],
]
for (const [what, components] of BAD_FILTERS) {
  scenario(`DescribeClientQuotas: for ${what}`, 'any client of its own making', async ({ call }) => {
    for (const version of versionsOf('DescribeClientQuotas'))
      for (const strict of [true, false]) await call('DescribeClientQuotas', version, { components, strict })
  })
}
