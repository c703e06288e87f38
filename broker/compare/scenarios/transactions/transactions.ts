/**
 * Transactions by both protocols: what takes part, how they end, and who may not. (Who a producer is:
 * transactions/identity.ts; what is shown of transactions: transactions/shown.ts)
 */
import type { Int64 } from '../../../src/wire/int64.ts'
import { versionsOf } from '../../apis.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import {
  batchOf,
  describeProducers,
  produceOf,
  readBoth,
  type Topic,
  TransactionalProducer,
} from '../records/writing.ts'

const NO_SUCH = 'no-such-topic'

interface AddedTopic {
  readonly name: string
  readonly partitions: number[]
}

/** AddPartitionsToTxn in any version. */
function addOf(
  producer: { transactionalId: string; producerId: Int64; producerEpoch: number },
  topics: AddedTopic[],
  verifyOnly = false,
) {
  return {
    v3AndBelowTransactionalId: producer.transactionalId,
    v3AndBelowProducerId: producer.producerId,
    v3AndBelowProducerEpoch: producer.producerEpoch,
    v3AndBelowTopics: topics,
    transactions: [{ ...producer, verifyOnly, topics }],
  }
}

/**
 * Kafka's leaders gather what they ask the coordinator, and answer all of one gathering as the first of them is to be
 * answered: what a client's version gets would depend on other scenarios.
 */
const VERIFIED = { alone: true }

/** Who a producer of the id is not. */
const WRONG = [
  ['an epoch before', { producerEpoch: 0 }],
  ['an epoch to come', { producerEpoch: 7 }],
  ['no epoch', { producerEpoch: -1 }],
  ['another producer id', { producerId: 987_654 }],
  ['no producer id', { producerId: -1 }],
  ['an id that nobody has used', { transactionalId: 'nobody' }],
  ['an empty id', { transactionalId: '' }],
] as const

/** A producer at epoch 1, so that there is an epoch before. */
async function producerAt1(recorder: Recorder): Promise<TransactionalProducer> {
  const producer = await TransactionalProducer.first(recorder)
  return producer.init()
}

for (const version of versionsOf('AddPartitionsToTxn')) {
  scenario(`AddPartitionsToTxn v${version}: partitions that are there`, 'KIP-98', async (recorder) => {
    const topic = await recorder.topic(3)
    const producer = await TransactionalProducer.first(recorder)
    for (const partitions of [[0], [0], [1, 2], [2, 0], []])
      await recorder.call(
        'AddPartitionsToTxn',
        version,
        addOf(producer.identity, [{ name: topic.name, partitions }]),
      )
    await producer.shown()
    await recorder.call('AddPartitionsToTxn', version, addOf(producer.identity, []))
  })

  scenario(`AddPartitionsToTxn v${version}: partitions that are not there`, 'KIP-98', async (recorder) => {
    const { name } = await recorder.topic(1)
    const producer = await TransactionalProducer.first(recorder)
    for (const topics of [
      [{ name: NO_SUCH, partitions: [0] }],
      [{ name, partitions: [7] }],
      [{ name, partitions: [0, 7] }],
      [
        { name, partitions: [0] },
        { name: NO_SUCH, partitions: [0] },
      ],
      [{ name: '__consumer_offsets', partitions: [0] }],
    ])
      await recorder.call('AddPartitionsToTxn', version, addOf(producer.identity, topics))
    await producer.shown()
  })

  scenario(`AddPartitionsToTxn v${version}: by others`, 'KIP-98, a zombie', async (recorder) => {
    const topic = await recorder.topic(1)
    const producer = await producerAt1(recorder)
    for (const [, wrong] of WRONG)
      await recorder.call(
        'AddPartitionsToTxn',
        version,
        addOf({ ...producer.identity, ...wrong }, [{ name: topic.name, partitions: [0] }]),
      )
    await producer.shown()
  })

  scenario(`EndTxn v${version}: by others`, 'KIP-98, a zombie', async (recorder) => {
    const topic = await recorder.topic(1)
    const producer = await producerAt1(recorder)
    await producer.produce(topic)
    for (const [, wrong] of WRONG)
      for (const committed of [true, false])
        await recorder.call('EndTxn', version, { ...producer.identity, ...wrong, committed })
    await producer.shown()
  })
}

scenario(
  'AddPartitionsToTxn: many transactions at once',
  'KIP-890, brokers among themselves',
  async (recorder) => {
    const topic = await recorder.topic(2)
    const one = await TransactionalProducer.first(recorder)
    const two = await TransactionalProducer.first(recorder)
    const three = await TransactionalProducer.first(recorder)
    const topics = [{ name: topic.name, partitions: [0, 1] }]
    for (const version of [4, 5]) {
      const transactions = [
        { ...one.identity, topics },
        { ...two.identity, producerEpoch: 9, topics },
        { ...two.identity, transactionalId: 'nobody', topics },
        { ...three.identity, topics: [{ name: NO_SUCH, partitions: [0] }] },
      ]
      await recorder.call('AddPartitionsToTxn', version, { transactions })
    }
    await one.shown()
    await two.shown()
  },
)

scenario(
  'AddPartitionsToTxn: only verified',
  'KIP-890, brokers among themselves',
  async (recorder) => {
    const { name } = await recorder.topic(2)
    const producer = await producerAt1(recorder)
    const ask = (partitions: number[], more = {}) =>
      recorder.call(
        'AddPartitionsToTxn',
        5,
        addOf({ ...producer.identity, ...more }, [{ name, partitions }], true),
      )
    await ask([0])
    await producer.add({ name, topicId: '' }, [0])
    await ask([0])
    await ask([0, 1])
    for (const [, wrong] of WRONG) await ask([0], wrong)
    await producer.end(true)
    await ask([0])
  },
  VERIFIED,
)

for (const version of versionsOf('AddOffsetsToTxn')) {
  scenario(
    `AddOffsetsToTxn v${version}: of groups, by its producer and others`,
    'KIP-98',
    async (recorder) => {
      const producer = await producerAt1(recorder)
      const groupId = recorder.name('group')
      await recorder.coordinator(groupId)
      for (const [, wrong] of WRONG)
        await recorder.call('AddOffsetsToTxn', version, { ...producer.identity, groupId, ...wrong })
      await recorder.call('AddOffsetsToTxn', version, { ...producer.identity, groupId: 'a group' })
      await recorder.call('AddOffsetsToTxn', version, { ...producer.identity, groupId: 'a group' })
      await producer.shown()
      await recorder.call('AddOffsetsToTxn', version, { ...producer.identity, groupId: '' })
      await producer.shown()
    },
  )
}

for (const version of versionsOf('EndTxn')) {
  for (const committed of [true, false]) {
    const verb = committed ? 'commit' : 'abort'
    scenario(`EndTxn v${version}: ${verb}, and again`, 'KIP-98, KIP-890', async (recorder) => {
      const topic = await recorder.topic(1)
      const producer = await TransactionalProducer.first(recorder)
      const body = { ...producer.identity, committed }
      await producer.produce(topic)
      await recorder.call('EndTxn', version, body)
      await producer.settled()
      await recorder.call('EndTxn', version, body)
      await recorder.call('EndTxn', version, { ...body, committed: !committed })
      await producer.shown()
      await readBoth(recorder, topic)
    })

    scenario(`EndTxn v${version}: ${verb} of nothing`, 'KIP-98, KIP-890', async (recorder) => {
      const producer = await TransactionalProducer.first(recorder)
      for (let again = 0; again < 3; again++) {
        await recorder.call('EndTxn', version, { ...producer.identity, committed })
        await producer.settled()
        await producer.shown()
      }
    })
  }

  scenario(`EndTxn v${version}: after being fenced`, 'KIP-98, a zombie', async (recorder) => {
    const topic = await recorder.topic(1)
    const producer = await TransactionalProducer.first(recorder)
    await producer.produce(topic)
    const zombie = producer.identity
    await producer.init()
    for (const committed of [true, false]) await recorder.call('EndTxn', version, { ...zombie, committed })
    await producer.shown()
    await readBoth(recorder, topic)
  })
}

scenario(
  'EndTxn: protocols change between transactions',
  'KIP-890, a client that was updated',
  async (recorder) => {
    const topic = await recorder.topic(1)
    const first = await TransactionalProducer.first(recorder)
    await first.produce(topic)
    await first.end(true)
    const second = await TransactionalProducer.second(recorder, first.id)
    await second.produce(topic)
    await second.end(true)
    await second.shown()
    const third = await TransactionalProducer.first(recorder, first.id)
    await third.produce(topic)
    await third.end(false)
    await third.shown()
    await readBoth(recorder, topic)
  },
)

scenario('EndTxn: a transaction of one protocol, ended by the other', 'KIP-890', async (recorder) => {
  const topic = await recorder.topic(1)
  const first = await TransactionalProducer.first(recorder)
  await first.produce(topic)
  await first.end(true, 5)
  await first.shown()
  const second = await TransactionalProducer.second(recorder)
  await second.produce(topic)
  await second.end(true, 4)
  await second.shown()
  await describeProducers(recorder, topic)
  await readBoth(recorder, topic)
})

/** Three transactions, the middle one of which is aborted. */
async function threeTransactions(producer: TransactionalProducer, topic: Topic): Promise<void> {
  for (const committed of [true, false, true]) {
    await producer.produce(topic, 2)
    await producer.produce(topic, 1)
    await producer.end(committed)
  }
}

for (const protocol of ['first', 'second'] as const) {
  scenario(
    `Transactions: commit, abort, commit, ${protocol} protocol`,
    'KIP-98, KIP-890',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const producer = await TransactionalProducer[protocol](recorder)
      await threeTransactions(producer, topic)
      await producer.shown()
      await describeProducers(recorder, topic)
      await readBoth(recorder, topic)
    },
  )

  scenario(`Transactions: over several partitions, ${protocol} protocol`, 'KIP-98', async (recorder) => {
    const [one, two] = [await recorder.topic(2), await recorder.topic(1)]
    const producer = await TransactionalProducer[protocol](recorder)
    await producer.produce(one, 1, 0)
    await producer.produce(one, 1, 1)
    await producer.produce(two, 1, 0)
    await producer.shown()
    await producer.end(true)
    await producer.shown()
    for (const topic of [one, two]) await readBoth(recorder, topic)
    await describeProducers(recorder, one, [0, 1])
  })

  scenario(
    `Transactions: an old epoch writes, ${protocol} protocol`,
    'a zombie',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const producer = await TransactionalProducer[protocol](recorder)
      await producer.produce(topic)
      const late = producer.produceOf(topic, 1, { baseSequence: 1 })
      await producer.init()
      for (const version of [11, 12]) await recorder.call('Produce', version, late)
      await producer.produce(topic)
      for (const version of [11, 12]) await recorder.call('Produce', version, late)
      await producer.end(true)
      await readBoth(recorder, topic)
    },
    VERIFIED,
  )

  scenario(
    `Transactions: a batch sent again, ${protocol} protocol`,
    'KIP-98',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const producer = await TransactionalProducer[protocol](recorder)
      await producer.produce(topic)
      const batch = producer.produceOf(topic)
      const version = protocol === 'first' ? 11 : 12
      await recorder.call('Produce', version, batch)
      await recorder.call('Produce', version, batch)
      await producer.end(true)
      await recorder.call('Produce', version, batch)
      await readBoth(recorder, topic)
    },
    VERIFIED,
  )

  scenario(`Produce: of no transaction within one, ${protocol} protocol`, 'KIP-98', async (recorder) => {
    const topic = await recorder.topic(1)
    const producer = await TransactionalProducer[protocol](recorder)
    await producer.produce(topic)
    const plain = producer.produceOf(topic, 1, { transactional: false })
    await recorder.call('Produce', 11, { ...plain, transactionalId: null })
    await recorder.call('Produce', 11, plain)
    await recorder.call('Produce', 11, produceOf(topic, batchOf(1)))
    await readBoth(recorder, topic)
  })
}

for (const version of versionsOf('Produce')) {
  scenario(
    `Produce v${version}: in a transaction without adding`,
    'KIP-98, KIP-890',
    async (recorder) => {
      const topic = await recorder.topic(2)
      const producer = await TransactionalProducer.first(recorder)
      await recorder.call('Produce', version, producer.produceOf(topic))
      await producer.shown()
      await producer.add(topic, [1])
      await recorder.call('Produce', version, producer.produceOf(topic, 1, { baseSequence: 0 }))
      await producer.shown()
      await describeProducers(recorder, topic, [0, 1])
    },
    VERIFIED,
  )

  scenario(
    `Produce v${version}: a transactional batch of another id, or of none`,
    'KIP-890',
    async (recorder) => {
      const topic = await recorder.topic(1)
      const producer = await producerAt1(recorder)
      const batch = producer.produceOf(topic)
      for (const transactionalId of [null, '', 'nobody'])
        await recorder.call('Produce', version, { ...batch, transactionalId })
      for (const more of [{ producerEpoch: 0 }, { producerEpoch: 5 }, { producerId: 987_654 }])
        await recorder.call('Produce', version, producer.produceOf(topic, 1, { ...more, baseSequence: 0 }))
      await producer.shown()
      await describeProducers(recorder, topic)
    },
    VERIFIED,
  )
}

scenario(
  'Produce: a new producer of the second protocol begins in the middle',
  'KIP-890',
  async (recorder) => {
    const topic = await recorder.topic(1)
    for (const version of [11, 12])
      for (const baseSequence of [1, 5, 0]) {
        const producer = await TransactionalProducer.first(recorder)
        await producer.add(topic)
        await recorder.call('Produce', version, producer.produceOf(topic, 1, { baseSequence }))
        await producer.shown()
      }
  },
  VERIFIED,
)

scenario(
  'Produce: a later transaction begins in the middle',
  'KIP-890',
  async (recorder) => {
    const topic = await recorder.topic(1)
    const producer = await TransactionalProducer.second(recorder)
    await producer.produce(topic)
    await producer.end(true)
    await recorder.call('Produce', 12, producer.produceOf(topic, 1, { baseSequence: 3 }))
    await recorder.call('Produce', 12, producer.produceOf(topic, 1, { baseSequence: 0 }))
    await producer.end(true)
    await readBoth(recorder, topic)
  },
  VERIFIED,
)
