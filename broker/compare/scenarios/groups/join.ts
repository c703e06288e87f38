/**
 * JoinGroup: which members are accepted, and when the others have to rejoin.
 */
import { type RequestOf, versionsOf } from '../../apis.ts'
import { scenario } from '../../scenario.ts'
import { ClassicMember, groupIs, introduce, newGroup, stableGroup, subscription } from './classic-member.ts'

const RANGE = { name: 'range', metadata: subscription() }
const STICKY = { name: 'cooperative-sticky', metadata: subscription() }
const OTHER_RANGE = { name: 'range', metadata: subscription({ topics: ['other'] }) }

for (const version of versionsOf('JoinGroup')) {
  scenario(`JoinGroup v${version}: a member alone`, 'Consumer.subscribe, KIP-394', async (recorder) => {
    const a = new ClassicMember(recorder, await newGroup(recorder))
    const first = await a.join({}, version)
    if (first.errorCode !== 0) await a.join({}, version)
    await a.sync({}, 5)
    await a.join({}, version)
    await a.sync({}, 5)
    await a.beat()
    await a.leave()
  })

  scenario(
    `JoinGroup v${version}: what is refused before the group is looked at`,
    'a client of its own making',
    async (recorder) => {
      const a = new ClassicMember(recorder, await newGroup(recorder))
      await a.join({ groupId: '' }, version)
      await a.join({ sessionTimeoutMs: 1 }, version)
      await a.join({ sessionTimeoutMs: 5999 }, version)
      await a.join({ sessionTimeoutMs: 1_800_001 }, version)
      await a.join({ sessionTimeoutMs: -1 }, version)
      await a.join({ memberId: 'nobody' }, version)
    },
  )
}

const REFUSED: Readonly<Record<string, Partial<RequestOf<'JoinGroup'>>>> = {
  'no protocols': { protocols: [] },
  'no protocol type': { protocolType: '' },
  'another protocol type': { protocolType: 'connect' },
  'no protocol in common': { protocols: [{ name: 'nothing', metadata: new Uint8Array() }] },
  'an unknown member id': { memberId: 'nobody' },
  'an unknown member id with an instance id': { memberId: 'nobody', groupInstanceId: 'one' },
}

/** Static members are let in at once, so these are not asked of a group whose members would have to come, too. */
const INSTANCES: Readonly<Record<string, string>> = {
  'that is empty': '',
  'with a slash': 'a/b',
  'that is a dot': '.',
  'of 250 letters': 'x'.repeat(250),
  'in German': 'Größe',
}

for (const [what, groupInstanceId] of Object.entries(INSTANCES)) {
  scenario(`JoinGroup: an instance id ${what}`, 'group.instance.id, KIP-345', async (recorder) => {
    const a = new ClassicMember(recorder, await newGroup(recorder), { groupInstanceId })
    await a.join()
    await a.sync()
    await recorder.call('DescribeGroups', 6, { groups: [a.groupId] })
  })
}

for (const rebalanceTimeoutMs of [-(2 ** 31), -1, 0]) {
  scenario(
    `JoinGroup: a rebalance timeout of ${rebalanceTimeoutMs} is over before the member syncs`,
    'a client of its own making',
    async (recorder) => {
      const a = new ClassicMember(recorder, await newGroup(recorder), { rebalanceTimeoutMs })
      await a.join()
      await a.join()
      await groupIs(recorder, a.groupId, 'Empty')
      await a.sync()
      await a.beat()
    },
  )
}

for (const [what, change] of Object.entries(REFUSED)) {
  scenario(`JoinGroup: ${what}, in an empty group`, 'a client of its own making', async (recorder) => {
    const a = new ClassicMember(recorder, await newGroup(recorder))
    await a.join(change)
    // The error may come before the new group is in the log; then Kafka does not list it.
    if (change.memberId === undefined) await groupIs(recorder, a.groupId, 'Empty')
    await recorder.call('DescribeGroups', 6, { groups: [a.groupId] })
  })
  scenario(`JoinGroup: ${what}, in a stable group`, 'a client of its own making', async (recorder) => {
    const [a] = await stableGroup(recorder, [{}])
    const b = new ClassicMember(recorder, a!.groupId)
    const answer = await b.join(change)
    if (answer.errorCode === 79) await b.leave()
    await a!.beat()
    await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  })
}

scenario(
  'JoinGroup: the same member with another instance id',
  'a client of its own making',
  async (recorder) => {
    const [a] = await stableGroup(recorder, [{}])
    await a!.join({ groupInstanceId: 'one' })
    await a!.beat()
  },
)

scenario('JoinGroup: two members', 'Consumer.poll in two processes', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  await a!.sync()
  await b!.sync()
  await a!.beat()
  await b!.beat()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario('JoinGroup: a second member comes', 'Consumer.poll in two processes', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  const b = new ClassicMember(recorder, a!.groupId)
  await b.join()
  await a!.beat()
  const coming = b.join()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance', 2)
  await a!.beat()
  await a!.sync()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  await Promise.all([coming, a!.join()])
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  await a!.beat()
  await Promise.all([b.sync(), a!.sync()])
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario(
  'JoinGroup: a follower that comes again unchanged',
  'Consumer.poll after a lost connection',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [{}, {}])
    for (const version of versionsOf('JoinGroup').filter((each) => each >= 5)) await b!.join({}, version)
    await a!.beat()
  },
)

scenario(
  'JoinGroup: a follower that comes again with another subscription',
  'Consumer.subscribe',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [{}, {}])
    const coming = b!.join({ protocols: [OTHER_RANGE] })
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await a!.beat()
    await Promise.all([coming, a!.join()])
  },
)

scenario(
  'JoinGroup: a leader that comes again unchanged',
  'Consumer.enforceRebalance, new partitions',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [{}, {}])
    const coming = a!.join()
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await b!.beat()
    await Promise.all([coming, b!.join()])
  },
)

scenario('JoinGroup: a member asks again before anyone has synced', 'a lost answer', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const coming = a!.join()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  await Promise.all([coming, b!.join()])
  await a!.join()
  await b!.join()
  await b!.beat()
})

scenario(
  'JoinGroup: a member changes its mind before anyone has synced',
  'a lost answer',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [{}, {}])
    const coming = a!.join()
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await Promise.all([coming, b!.join()])
    const again = b!.join({ protocols: [OTHER_RANGE] })
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await a!.beat()
    await Promise.all([again, a!.join()])
  },
)

scenario(
  'JoinGroup: the protocol that all have',
  'a fleet on its way to cooperative-sticky',
  async (recorder) => {
    const both = { protocols: [STICKY, RANGE] }
    const [a, b] = await stableGroup(recorder, [both, { protocols: [RANGE] }])
    await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
    const coming = b!.join(both)
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await Promise.all([coming, a!.join()])
  },
)

scenario('JoinGroup: the vote for a protocol', 'a fleet with several assignors', async (recorder) => {
  const [first, second] = [{ protocols: [STICKY, RANGE] }, { protocols: [RANGE, STICKY] }]
  const [a] = await stableGroup(recorder, [first, second, second])
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario('JoinGroup: a group of connectors', 'Kafka Connect', async (recorder) => {
  const protocols = [{ name: 'sessioned', metadata: Uint8Array.of(1, 2, 3) }]
  const [a] = await stableGroup(recorder, [{ protocolType: 'connect', protocols }])
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  await a!.join({ protocolType: 'consumer' })
  await a!.sync({ protocolType: 'consumer' })
  await a!.leave()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario(
  'JoinGroup: an empty group takes another protocol type',
  'a name that is used again',
  async (recorder) => {
    const [a] = await stableGroup(recorder, [{ protocolType: 'connect' }])
    await a!.leave()
    const b = new ClassicMember(recorder, a!.groupId)
    await b.join()
    await b.join()
    await b.sync()
    await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  },
)

scenario('JoinGroup: a member that is waited for in vain', 'a consumer that hangs', async (recorder) => {
  const [a] = await stableGroup(recorder, [{ rebalanceTimeoutMs: 700 }])
  const b = new ClassicMember(recorder, a!.groupId, { rebalanceTimeoutMs: 700 })
  await b.join()
  await b.join()
  await b.sync()
  await a!.beat()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario('JoinGroup: a member that does not sync in time', 'a consumer that hangs', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{ rebalanceTimeoutMs: 700 }, { rebalanceTimeoutMs: 700 }])
  const coming = a!.join()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  await Promise.all([coming, b!.join()])
  await a!.sync()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance', 1)
  await a!.beat()
  await b!.beat()
  await a!.join()
})

scenario('JoinGroup: an id that was given and not used', 'KIP-394', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  const b = new ClassicMember(recorder, a!.groupId)
  await b.join()
  await b.beat()
  await b.sync()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
  await b.leave()
  await b.join()
})

scenario(
  'JoinGroup: an empty group does not wait for ids that were given',
  'a fleet that starts',
  async (recorder) => {
    const groupId = await newGroup(recorder)
    const [a, b] = [new ClassicMember(recorder, groupId), new ClassicMember(recorder, groupId)]
    await a.join()
    await b.join()
    await a.join()
    await groupIs(recorder, groupId, 'CompletingRebalance', 1)
    await recorder.call('DescribeGroups', 6, { groups: [groupId] })
    const coming = b.join()
    await groupIs(recorder, groupId, 'PreparingRebalance', 2)
    introduce(recorder, [a, b])
    await Promise.all([coming, a.join()])
  },
)

scenario('JoinGroup: an id that was given is waited for, and not for ever', 'KIP-394', async (recorder) => {
  const [a] = await stableGroup(recorder, [{ sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000 }])
  const pending = new ClassicMember(recorder, a!.groupId, { sessionTimeoutMs: 6000 })
  await pending.join()
  await a!.join() // answered when the id's session is over
  await pending.join()
})
