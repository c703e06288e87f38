/**
 * DeleteTopics, by name and by id.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { untilGone, untilThere } from '../until.ts'

type Wanted = NonNullable<RequestOf<'DeleteTopics'>['topics']>

const UNKNOWN_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const BY_ID_SINCE = 6
const timeoutMs = 5000

/** The same names, in the form of each version. */
function named(version: number, names: readonly string[]): RequestOf<'DeleteTopics'> {
  return version >= BY_ID_SINCE
    ? { topics: names.map((name) => ({ name })), timeoutMs }
    : { topicNames: names, timeoutMs }
}

scenario('DeleteTopics: every version, and again', 'Admin.deleteTopics', async (recorder) => {
  for (const version of versionsOf('DeleteTopics')) {
    const { name } = await recorder.topic(2)
    await recorder.call('DeleteTopics', version, named(version, [name]))
    await untilGone(recorder, name)
    await recorder.call('DeleteTopics', version, named(version, [name]))
  }
})

scenario('DeleteTopics: one that is not there', 'Admin.deleteTopics', async ({ call, name }) => {
  for (const version of versionsOf('DeleteTopics'))
    await call('DeleteTopics', version, named(version, [name('missing')]))
})

for (const [what, bad] of [
  ['an empty name', ''],
  ['a name that is none', 'a b'],
  ['the log of the controllers', '__cluster_metadata'],
] as const) {
  scenario(`DeleteTopics: ${what}`, 'Admin.deleteTopics', async ({ call }) => {
    for (const version of [1, 5, 6]) await call('DeleteTopics', version, named(version, [bad]))
  })
}

scenario('DeleteTopics: several, one not there', 'Admin.deleteTopics', async (recorder) => {
  for (const version of versionsOf('DeleteTopics')) {
    const names = [(await recorder.topic()).name, recorder.name('missing'), (await recorder.topic()).name]
    const { responses } = await recorder.quietly('DeleteTopics', version, named(version, names))
    recorder.note(`DeleteTopics v${version}`, byName(responses))
  }
})

/** Kafka answers in an undefined order. */
function byName<T extends { name: string | null }>(responses: readonly T[]): T[] {
  const key = ({ name }: T): string => name ?? ''
  return [...responses].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

scenario('DeleteTopics: by id, and again', 'KIP-516', async (recorder) => {
  const { name, topicId } = await recorder.topic(2)
  await recorder.call('DeleteTopics', 6, { topics: [{ name: null, topicId }], timeoutMs })
  await untilGone(recorder, name)
  await recorder.call('DeleteTopics', 6, { topics: [{ name: null, topicId }], timeoutMs })
})

scenario('DeleteTopics: by an id that nobody has', 'KIP-516', async ({ call }) => {
  await call('DeleteTopics', 6, { topics: [{ name: null, topicId: UNKNOWN_ID }], timeoutMs })
})

scenario('DeleteTopics: neither name nor id', 'KIP-516', async ({ call }) => {
  await call('DeleteTopics', 6, { topics: [{ name: null }], timeoutMs })
})

scenario('DeleteTopics: name and id', 'KIP-516', async ({ call, topic }) => {
  const { name, topicId } = await topic()
  await call('DeleteTopics', 6, { topics: [{ name, topicId }], timeoutMs })
  await call('DeleteTopics', 6, { topics: [{ name, topicId: UNKNOWN_ID }], timeoutMs })
  await call('Metadata', 12, { topics: [{ name }] })
})

scenario('DeleteTopics: a name twice', 'any client of its own making', async ({ call, topic }) => {
  const { name } = await topic()
  for (const version of versionsOf('DeleteTopics'))
    await call('DeleteTopics', version, named(version, [name, name]))
  await call('Metadata', 12, { topics: [{ name }] })
})

scenario('DeleteTopics: an id twice', 'any client of its own making', async ({ call, topic }) => {
  const { topicId, name } = await topic()
  const twice = { name: null, topicId }
  await call('DeleteTopics', 6, { topics: [twice, twice], timeoutMs })
  await call('DeleteTopics', 6, {
    topics: [
      { ...twice, topicId: UNKNOWN_ID },
      { ...twice, topicId: UNKNOWN_ID },
    ],
    timeoutMs,
  })
  await call('Metadata', 12, { topics: [{ name }] })
})

scenario('DeleteTopics: an unknown name twice', 'any client of its own making', async ({ call, name }) => {
  const missing = name('missing')
  await call('DeleteTopics', 6, named(6, [missing, missing]))
  await call('DeleteTopics', 4, named(4, [missing, missing]))
})

scenario('DeleteTopics: the same by name and by id', 'any client of its own making', async (recorder) => {
  const { name, topicId } = await recorder.topic()
  const both: Wanted = [{ name }, { name: null, topicId }]
  await recorder.call('DeleteTopics', 6, { topics: both, timeoutMs })
  await recorder.call('Metadata', 12, { topics: [{ name }], allowAutoTopicCreation: false })
})

scenario('DeleteTopics: nothing', 'any client of its own making', async ({ call }) => {
  for (const version of versionsOf('DeleteTopics')) await call('DeleteTopics', version, named(version, []))
})

scenario('DeleteTopics: made anew under the name', 'KIP-516', async (recorder) => {
  const { name, topicId } = await recorder.topic()
  await recorder.quietly('DeleteTopics', 6, named(6, [name]))
  await untilGone(recorder, name)
  const made = { name, numPartitions: 2, replicationFactor: 1 }
  await recorder.call('CreateTopics', 7, { topics: [made] })
  await untilThere(recorder, name)
  await recorder.call('DeleteTopics', 6, { topics: [{ name: null, topicId }], timeoutMs })
  await recorder.call('Metadata', 12, { topics: [{ name }] })
})
