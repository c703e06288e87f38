/**
 * SCRAM passwords, set and removed as by `kafka-configs --alter --entity-type users` (KIP-554). No listener uses them.
 */
import type { RequestOf } from '../apis.ts'
import { type Recorder, scenario } from '../scenario.ts'
import { until } from './until.ts'

type Upsertion = NonNullable<RequestOf<'AlterUserScramCredentials'>['upsertions']>[number]
type Deletion = NonNullable<RequestOf<'AlterUserScramCredentials'>['deletions']>[number]

const SALT = new TextEncoder().encode('salt of this story')
const PASSWORD = new Uint8Array(32).fill(7)
const set = (name: string, mechanism = 1, more: Partial<Upsertion> = {}): Upsertion => ({
  ...{ name, mechanism, iterations: 4096, salt: SALT, saltedPassword: PASSWORD },
  ...more,
})
const unset = (name: string, mechanism = 1): Deletion => ({ name, mechanism })

async function described({ quietly }: Recorder, users: readonly string[]) {
  const asked = users.map((name) => ({ name }))
  const answer = await quietly('DescribeUserScramCredentials', 0, { users: asked })
  // A user's mechanisms have no order in Kafka: it differs from start to start.
  const results = answer.results.map((each) => ({
    ...each,
    credentialInfos: each.credentialInfos.toSorted((a, b) => a.mechanism - b.mechanism),
  }))
  return { ...answer, results }
}

/** Waits until the users have so many passwords together, and writes them down. */
async function shown(recorder: Recorder, users: readonly string[], count: number): Promise<void> {
  await until(`${count} passwords`, async () => {
    const { results } = await described(recorder, users)
    return results.reduce((sum, { credentialInfos }) => sum + credentialInfos.length, 0) === count
  })
  recorder.note('described', await described(recorder, users))
}

scenario('SCRAM: set, set again, removed', 'kafka-configs, KIP-554', async (recorder) => {
  const alter = (upsertions: Upsertion[], deletions: Deletion[] = []) =>
    recorder.call('AlterUserScramCredentials', 0, { upsertions, deletions })
  const users = Array.from({ length: 6 }, () => recorder.name('user'))
  const [one, two] = users as [string, string]
  await alter(users.map((name) => set(name)))
  await shown(recorder, users, 6)
  await alter([set(one, 2, { iterations: 16_384 }), set(two, 1, { iterations: 8192 })])
  await shown(recorder, users, 7)
  await alter(
    [],
    [unset(two, 2), unset(recorder.name('nobody')), ...users.slice(3).map((name) => unset(name))],
  )
  await shown(recorder, users, 4)
  await alter([set(users[3]!)], [unset(one, 2)])
  await shown(recorder, users, 4)
  for (const name of users.slice(0, 4)) await alter([], [unset(name)])
  await shown(recorder, users, 0)
})

scenario('SCRAM: what is refused', 'kafka-configs, KIP-554', async (recorder) => {
  const alter = (upsertions: Upsertion[], deletions: Deletion[] = []) =>
    recorder.call('AlterUserScramCredentials', 0, { upsertions, deletions })
  const name = recorder.name('user')
  await alter([], [])
  for (const mechanism of [0, 3, -1, 127]) {
    await alter([set(name, mechanism)])
    await alter([], [unset(name, mechanism)])
  }
  for (const mechanism of [1, 2])
    for (const iterations of [4095, 0, -1, 16_385, 2_147_483_647])
      await alter([set(name, mechanism, { iterations })])
  await alter([set('')], [unset('')])
  await alter([set('')])
  await alter([set('', 9)])
  await alter([], [unset('')])
  await alter([], [unset(name), unset(name, 2)])
  await alter([set(name), set(name, 2)])
  await alter([set(name)], [unset(name, 2)])
  await alter([set(name), set(name), set(name)])
  await alter([set(name, 1, { saltedPassword: new Uint8Array(0) })])
  await alter([set(name, 9), set(name)])
  await shown(recorder, [name], 0)
  await alter([set(name, 1, { salt: new Uint8Array(0), saltedPassword: Uint8Array.of(1) })])
  await shown(recorder, [name], 1)
  await alter([set(name)], [unset(name)])
  recorder.note('twice', await described(recorder, [name, name, recorder.name('other')]))
  await alter([], [unset(name)])
  await shown(recorder, [name], 0)
})

scenario(
  'SCRAM: everybody who has a password',
  'kafka-configs --describe --entity-type users, KIP-554',
  async (recorder) => {
    const users = Array.from({ length: 20 }, () => recorder.name('user'))
    await recorder.call('AlterUserScramCredentials', 0, {
      deletions: [],
      upsertions: users.map((name) => set(name)),
    })
    await shown(recorder, users, 20)
    await shown(recorder, [], 20)
    await recorder.call('AlterUserScramCredentials', 0, {
      deletions: users.map((name) => unset(name)),
      upsertions: [],
    })
    await shown(recorder, users, 0)
  },
  { alone: true },
)
