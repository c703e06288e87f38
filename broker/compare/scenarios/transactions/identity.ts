/**
 * Who a producer is: where its coordinator is found, and which id and epoch it gets.
 */
import { plus } from '../../../src/wire/int64.ts'
import { type RequestOf, versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { TransactionalProducer } from '../records/writing.ts'

type Init = Partial<RequestOf<'InitProducerId'>>

/** The coordinator of all ids that are asked for here exists on both sides. */
async function coordinators(recorder: Recorder): Promise<void> {
  await recorder.coordinator(recorder.name('group'), 0)
  await recorder.coordinator(recorder.name('txn'), 1)
}

for (const version of versionsOf('FindCoordinator')) {
  scenario(`FindCoordinator v${version}: of every kind of key`, 'every client, KIP-98', async (recorder) => {
    await coordinators(recorder)
    for (const keyType of [0, 1, 3, -1, 7])
      await recorder.call('FindCoordinator', version, { key: 'k', coordinatorKeys: ['k'], keyType })
  })
}

scenario('FindCoordinator: empty keys', 'any client of its own making', async (recorder) => {
  await coordinators(recorder)
  for (const keyType of [0, 1])
    for (const version of versionsOf('FindCoordinator'))
      await recorder.call('FindCoordinator', version, { key: '', coordinatorKeys: [''], keyType })
})

scenario('FindCoordinator: many keys, none, the same twice', 'KIP-699', async (recorder) => {
  await coordinators(recorder)
  for (const version of versionsOf('FindCoordinator').filter((each) => each >= 4))
    for (const coordinatorKeys of [[], ['a', 'b', 'c'], ['a', 'a'], ['b', '', 'a']])
      for (const keyType of [0, 1])
        await recorder.call('FindCoordinator', version, { coordinatorKeys, keyType })
})

scenario('FindCoordinator: strange keys', 'any client of its own making', async (recorder) => {
  await coordinators(recorder)
  const coordinatorKeys = ['ü', ' ', 'a b', 'x'.repeat(300), '..', 'a/b']
  for (const keyType of [0, 1]) await recorder.call('FindCoordinator', 4, { coordinatorKeys, keyType })
})

for (const version of versionsOf('InitProducerId')) {
  scenario(
    `InitProducerId v${version}: without and with a transactional id`,
    'KIP-98, KIP-360',
    async (recorder) => {
      await coordinators(recorder)
      const transactionalId = recorder.name('txn')
      const body = { transactionalId, transactionTimeoutMs: 60_000 }
      await recorder.call('InitProducerId', version, { ...body, transactionalId: null })
      await recorder.call('InitProducerId', version, { ...body, transactionalId: null })
      await recorder.call('InitProducerId', version, { ...body, transactionalId: '' })
      for (let again = 0; again < 3; again++) await recorder.call('InitProducerId', version, body)
      await recorder.call('DescribeTransactions', 0, { transactionalIds: [transactionalId] })
    },
  )

  scenario(`InitProducerId v${version}: timeouts`, 'transaction.max.timeout.ms', async (recorder) => {
    await coordinators(recorder)
    for (const transactionalId of [null, recorder.name('txn'), ''])
      for (const transactionTimeoutMs of [0, -1, 1, 900_000, 900_001, 0x7fff_ffff])
        await recorder.call('InitProducerId', version, { transactionalId, transactionTimeoutMs })
  })
}

scenario('InitProducerId: the timeout of the last call counts', 'KIP-98', async (recorder) => {
  await coordinators(recorder)
  const transactionalId = recorder.name('txn')
  for (const transactionTimeoutMs of [60_000, 1000, 90_000]) {
    await recorder.call('InitProducerId', 4, { transactionalId, transactionTimeoutMs })
    await recorder.call('DescribeTransactions', 0, { transactionalIds: [transactionalId] })
  }
})

scenario('InitProducerId: half an identity', 'KIP-360', async (recorder) => {
  await coordinators(recorder)
  for (const transactionalId of [null, '', recorder.name('txn')])
    for (const half of [{ producerId: 5 }, { producerEpoch: 5 }, { producerId: -2 }, { producerEpoch: -2 }])
      for (const version of versionsOf('InitProducerId').filter((each) => each >= 3))
        await recorder.call('InitProducerId', version, {
          transactionalId,
          transactionTimeoutMs: 60_000,
          ...half,
        })
})

scenario('InitProducerId: an identity without a transactional id', 'KIP-360', async (recorder) => {
  for (const version of versionsOf('InitProducerId').filter((each) => each >= 3))
    await recorder.call('InitProducerId', version, {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
      producerId: 5,
      producerEpoch: 5,
    })
})

scenario('InitProducerId: an identity for an unused transactional id', 'KIP-360', async (recorder) => {
  await coordinators(recorder)
  for (const [producerId, producerEpoch] of [
    [5, 0],
    [5, 7],
    [123_456_789, 3],
    [-1, -1],
  ] as const)
    for (const version of [3, 4, 5]) {
      const transactionalId = recorder.name('txn')
      const body = { transactionalId, transactionTimeoutMs: 60_000, producerId, producerEpoch }
      await recorder.call('InitProducerId', version, body)
      await recorder.call('InitProducerId', version, body)
    }
})

/** A scenario with a producer that sends InitProducerId as in `first`, then as in `again`. */
function asksAgain(what: string, times: number, again: (first: TransactionalProducer) => Init): void {
  for (const version of versionsOf('InitProducerId').filter((each) => each >= 3))
    scenario(`InitProducerId v${version}: asks again with ${what}`, 'KIP-360', async (recorder) => {
      const producer = await TransactionalProducer.first(recorder)
      await producer.init()
      const body = { transactionalId: producer.id, transactionTimeoutMs: 60_000, ...again(producer) }
      for (let time = 0; time < times; time++) await recorder.call('InitProducerId', version, body)
      await producer.shown()
    })
}

asksAgain('its id and epoch', 3, ({ producerId, producerEpoch }) => ({ producerId, producerEpoch }))
asksAgain('the epoch before', 1, ({ producerId }) => ({ producerId, producerEpoch: 0 }))
asksAgain('an epoch to come', 1, ({ producerId }) => ({ producerId, producerEpoch: 9 }))
asksAgain('the last epoch', 1, ({ producerId }) => ({ producerId, producerEpoch: 32_767 }))
asksAgain('another producer id', 1, ({ producerId, producerEpoch }) => ({
  producerId: plus(producerId, 100_000),
  producerEpoch,
}))

for (const second of [false, true]) {
  const protocol = second ? 'second' : 'first'
  scenario(
    `InitProducerId: an open transaction is aborted, ${protocol} protocol`,
    'KIP-98, a producer that was restarted',
    async (recorder) => {
      const topic = await recorder.topic()
      const producer = second
        ? await TransactionalProducer.second(recorder)
        : await TransactionalProducer.first(recorder)
      await producer.produce(topic)
      await producer.shown()
      const body = { transactionalId: producer.id, transactionTimeoutMs: 60_000 }
      await recorder.call('InitProducerId', 4, body)
      await producer.shown()
      await recorder.call('Fetch', 12, {
        maxWaitMs: 0,
        minBytes: 0,
        isolationLevel: 1,
        topics: [
          { topic: topic.name, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 9999 }] },
        ],
      })
      const old = { ...producer.identity, committed: true }
      for (const version of versionsOf('EndTxn')) await recorder.call('EndTxn', version, old)
      await recorder.call('InitProducerId', 4, { ...body, ...producer.identity })
    },
  )

  scenario(
    `InitProducerId: the owner of an open transaction bumps its epoch, ${protocol} protocol`,
    'KIP-360',
    async (recorder) => {
      const topic = await recorder.topic()
      const producer = second
        ? await TransactionalProducer.second(recorder)
        : await TransactionalProducer.first(recorder)
      await producer.produce(topic)
      const body = { ...producer.identity, transactionTimeoutMs: 60_000 }
      await recorder.call('InitProducerId', 4, body)
      await recorder.call('InitProducerId', 4, body)
      await producer.shown()
    },
  )

  scenario(`InitProducerId: after commits, ${protocol} protocol`, 'KIP-360, KIP-890', async (recorder) => {
    const topic = await recorder.topic()
    const producer = second
      ? await TransactionalProducer.second(recorder)
      : await TransactionalProducer.first(recorder)
    for (const committed of [true, false]) {
      await producer.produce(topic)
      await producer.end(committed)
      await producer.shown()
    }
    const body = { ...producer.identity, transactionTimeoutMs: 60_000 }
    await recorder.call('InitProducerId', 4, body)
    await recorder.call('InitProducerId', 4, { ...body, producerId: -1, producerEpoch: -1 })
    await producer.shown()
  })
}

for (const [first, second] of [
  [0, 3],
  [5, 7],
  [5, 5],
  [5, 2],
] as const)
  scenario(
    `Transactions: batch ${second} after batch ${first} was refused for the partition was not added`,
    'KIP-890, several requests in flight',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const producer = await TransactionalProducer.first(recorder)
      const send = (baseSequence: number) =>
        recorder.call('Produce', 11, producer.produceOf(topic, 1, { baseSequence }))
      await send(first)
      await producer.add(topic)
      await send(second)
      await send(first)
      await send(first + 1)
      await producer.end(true)
      await producer.add(topic)
      await send(first + 2)
      await producer.end(false)
    },
  )

scenario('Transactions: a refused batch, and a transaction without records', 'KIP-890', async (recorder) => {
  const topic = await recorder.topic(1)
  const producer = await TransactionalProducer.first(recorder)
  const send = (baseSequence: number) =>
    recorder.call('Produce', 11, producer.produceOf(topic, 1, { baseSequence }))
  await send(4)
  await producer.add(topic)
  await producer.end(true)
  await producer.add(topic)
  await send(6)
  await send(0)
})

scenario('Transactions: batches of the second protocol that begin anywhere', 'KIP-890', async (recorder) => {
  const topic = await recorder.topic(1)
  const producer = await TransactionalProducer.second(recorder)
  const send = (baseSequence: number) =>
    recorder.call('Produce', 12, producer.produceOf(topic, 1, { baseSequence }))
  for (const sequence of [3, 0, 2, 1, 0, 2]) await send(sequence)
  await producer.end(true)
  for (const sequence of [2, 0, 1]) await send(sequence)
  await producer.end(false)
})

for (const flags of [
  {},
  { enable2Pc: true },
  { keepPreparedTxn: true },
  { enable2Pc: true, keepPreparedTxn: true },
])
  scenario(
    `InitProducerId v6, which is not stable yet: ${Object.keys(flags).join(' and ') || 'nothing asked'}`,
    'KIP-939',
    async (recorder) => {
      const body = { transactionalId: recorder.name('txn'), transactionTimeoutMs: 60_000, ...flags }
      await recorder.coordinator(body.transactionalId, 1)
      await recorder.call('InitProducerId', 6, body)
      await recorder.call('InitProducerId', 6, { ...body, transactionalId: null })
      await recorder.call('InitProducerId', 5, body)
    },
  )
