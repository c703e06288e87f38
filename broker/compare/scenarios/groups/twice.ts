/**
 * Classic groups: members that ask twice at once, that change what they are on the way, and ids that were given and are
 * used in odd ways.
 */
import { pause } from '../../line.ts'
import { type Recorder, scenario } from '../../scenario.ts'
import { ClassicMember, groupIs, introduce, newGroup, stableGroup, subscription } from './classic-member.ts'

const OTHER_RANGE = { name: 'range', metadata: subscription({ topics: ['other'] }) }
/** A request that Kafka has forgotten is never answered. */
const SILENCE_MS = 1500

/** The answer to a question that was asked before, or that there is none. */
async function eventually(recorder: Recorder, what: string, asked: Promise<unknown>): Promise<void> {
  const silence = pause(SILENCE_MS).then(() => 'no answer')
  recorder.note(what, await Promise.race([asked.catch(() => 'hung up'), silence]))
}

/** The same member on a connection of its own, as after a lost one. */
function twin(member: ClassicMember): ClassicMember {
  const other = new ClassicMember(member.recorder, member.groupId)
  other.memberId = member.memberId
  other.generationId = member.generationId
  return other
}

scenario('Twice: a member joins twice at once', 'a client that gave up its connection', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const again = twin(b!)
  const first = b!.join({ protocols: [OTHER_RANGE] }, 9, b!.recorder.quietly)
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  const second = again.join({ protocols: [OTHER_RANGE] }, 9, again.recorder.quietly)
  await eventually(recorder, 'the first', first)
  await a!.join()
  recorder.note('the second', await second)
  await a!.beat()
  await again.beat()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario('Twice: a leader joins twice at once', 'a client that gave up its connection', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const again = twin(a!)
  const first = a!.join({}, 9, a!.recorder.quietly)
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  const second = again.join({ protocols: [OTHER_RANGE] }, 9, again.recorder.quietly)
  await eventually(recorder, 'the first', first)
  await b!.join()
  recorder.note('the second', await second)
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario(
  'Twice: a follower syncs twice at once',
  'a client that gave up its connection',
  async (recorder) => {
    const [a, b] = await stableGroup(recorder, [{}, {}])
    const coming = a!.join()
    await groupIs(recorder, a!.groupId, 'PreparingRebalance')
    await Promise.all([coming, b!.join()])
    const again = twin(b!)
    const first = b!.sync({}, 5, b!.recorder.quietly)
    await pause(100)
    const second = again.sync({ protocolName: null, protocolType: null }, 5, again.recorder.quietly)
    await pause(100)
    await eventually(recorder, 'the first', first)
    await a!.sync()
    recorder.note('the second', await second)
    await again.beat()
  },
)

scenario('Twice: a new member joins twice with the id it got', 'KIP-394', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  const b = new ClassicMember(recorder, a!.groupId)
  await b.join()
  const again = twin(b)
  const first = b.join({}, 9, b.recorder.quietly)
  await groupIs(recorder, a!.groupId, 'PreparingRebalance', 2)
  introduce(recorder, [a!, b])
  const second = again.join({}, 9, again.recorder.quietly)
  await eventually(recorder, 'the first', first)
  await a!.join()
  recorder.note('the second', await second)
})

scenario(
  'Twice: a static member joins twice without an id',
  'group.instance.id, KIP-345',
  async (recorder) => {
    const terms = { groupInstanceId: 'one' }
    const [a] = await stableGroup(recorder, [{}])
    const [one, two] = [
      new ClassicMember(recorder, a!.groupId, terms),
      new ClassicMember(recorder, a!.groupId, terms),
    ]
    const first = one.join({}, 9, one.recorder.quietly)
    await groupIs(recorder, a!.groupId, 'PreparingRebalance', 2)
    const second = two.join({}, 9, two.recorder.quietly)
    await eventually(recorder, 'the first', first)
    await a!.join()
    recorder.note('the second', await second)
    await two.beat()
    await one.beat()
  },
)

scenario('Twice: a member that joins while it waits for its share', 'a lost answer', async (recorder) => {
  const [a, b] = await stableGroup(recorder, [{}, {}])
  const coming = a!.join()
  await groupIs(recorder, a!.groupId, 'PreparingRebalance')
  await Promise.all([coming, b!.join()])
  const waiting = b!.sync({}, 5, b!.recorder.quietly)
  await pause(100)
  await twin(b!).join()
  await eventually(recorder, 'its share', waiting)
  await a!.sync()
  await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

const TURNS = {
  'turns static': ['', 'one'],
  'turns dynamic': ['one', ''],
  'takes another instance id': ['one', 'two'],
}

for (const [what, [before, after]] of Object.entries(TURNS)) {
  const terms = { groupInstanceId: before || null }
  const change = { groupInstanceId: after || null }

  scenario(
    `Turns: a stable member ${what}`,
    'group.instance.id set in a rolling restart',
    async (recorder) => {
      const [a, b] = await stableGroup(recorder, [{}, terms])
      await b!.beat(change)
      await b!.sync(change)
      const answer = b!.join({ ...change, protocols: [OTHER_RANGE] }, 9, b!.recorder.quietly)
      await eventually(recorder, 'it joins', answer)
      await a!.beat()
      await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
      const leaving = { memberId: b!.memberId, ...change }
      await recorder.call('LeaveGroup', 5, { groupId: a!.groupId, members: [leaving] })
      await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
    },
  )

  scenario(
    `Turns: a member that waits for others ${what}`,
    'a client of its own making',
    async (recorder) => {
      const [a, b] = await stableGroup(recorder, [{}, terms])
      const first = b!.join({ protocols: [OTHER_RANGE] }, 9, b!.recorder.quietly)
      await groupIs(recorder, a!.groupId, 'PreparingRebalance')
      const again = twin(b!)
      const second = again.join({ ...change, protocols: [OTHER_RANGE] }, 9, again.recorder.quietly)
      await eventually(recorder, 'with the other', second)
      await a!.join()
      await eventually(recorder, 'as it was', first)
      await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
    },
  )
}

scenario(
  'Pending: an id that was given comes with an instance id',
  'a client of its own making',
  async (recorder) => {
    const a = new ClassicMember(recorder, await newGroup(recorder))
    await a.join()
    await a.join({ groupInstanceId: 'one' })
    await groupIs(recorder, a.groupId, 'Empty')
    await recorder.call('DescribeGroups', 6, { groups: [a.groupId] })
    await a.join()
  },
)

scenario('Pending: what an id may do before it has joined', 'KIP-394', async (recorder) => {
  const a = new ClassicMember(recorder, await newGroup(recorder))
  await a.join()
  await groupIs(recorder, a.groupId, 'Empty')
  await a.beat()
  await a.sync()
  await recorder.call('OffsetCommit', 9, {
    groupId: a.groupId,
    memberId: a.memberId,
    generationIdOrMemberEpoch: 0,
    topics: [],
  })
  await recorder.call('LeaveGroup', 5, {
    groupId: a.groupId,
    members: [{ memberId: a.memberId, groupInstanceId: 'one' }],
  })
  await recorder.call('DeleteGroups', 2, { groupsNames: [a.groupId] })
  await a.join()
})

scenario('Pending: an id with a protocol that the group has not', 'KIP-394', async (recorder) => {
  const [a] = await stableGroup(recorder, [{}])
  const b = new ClassicMember(recorder, a!.groupId)
  await b.join()
  await b.join({ protocols: [{ name: 'nothing', metadata: new Uint8Array() }] })
  await b.join({ protocolType: 'connect' })
  await b.join({ groupInstanceId: 'one' })
  await a!.beat()
  await b.leave()
  await b.join()
})

scenario('Pending: ids of another group', 'a client of its own making', async (recorder) => {
  const [a, b] = [
    new ClassicMember(recorder, await newGroup(recorder)),
    new ClassicMember(recorder, await newGroup(recorder)),
  ]
  await a.join()
  await b.join()
  b.memberId = a.memberId
  await b.join()
  await b.leave()
})

scenario(
  'Pending: a rebalance waits for the ids that were given',
  'a fleet that starts',
  async (recorder) => {
    const [a] = await stableGroup(recorder, [{ rebalanceTimeoutMs: 3000 }])
    const terms = { rebalanceTimeoutMs: 3000 }
    const [b, c] = [
      new ClassicMember(recorder, a!.groupId, terms),
      new ClassicMember(recorder, a!.groupId, terms),
    ]
    await b.join()
    await c.join()
    const coming = b.join()
    await groupIs(recorder, a!.groupId, 'PreparingRebalance', 2)
    const rejoining = a!.join()
    await recorder.call('DescribeGroups', 6, { groups: [a!.groupId] })
    await c.leave()
    introduce(recorder, [a!, b])
    await Promise.all([coming, rejoining])
  },
)
