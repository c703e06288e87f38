/**
 * Classic groups: members that ask twice at once, that change what they are on the way, and ids that were given and are
 * used in odd ways.
 */
import { pause } from '../../line.ts'
import { scenario, type Teller } from '../../scenario.ts'
import { ClassicMember, groupIs, introduce, newGroup, stableGroup, subscription } from './classic-member.ts'

const OTHER_RANGE = { name: 'range', metadata: subscription({ topics: ['other'] }) }
/** A request that Kafka has forgotten is never answered. */
const SILENCE_MS = 1500

/** The answer to a question that was asked before, or that there is none. */
async function eventually(teller: Teller, what: string, asked: Promise<unknown>): Promise<void> {
  const silence = pause(SILENCE_MS).then(() => 'no answer')
  teller.note(what, await Promise.race([asked.catch(() => 'hung up'), silence]))
}

/** The same member on a connection of its own, as after a lost one. */
function twin(member: ClassicMember): ClassicMember {
  const other = new ClassicMember(member.teller, member.groupId)
  other.memberId = member.memberId
  other.generationId = member.generationId
  return other
}

scenario('Twice: a member joins twice at once', 'a client that gave up its connection', async (teller) => {
  const [a, b] = await stableGroup(teller, [{}, {}])
  const again = twin(b!)
  const first = b!.join({ protocols: [OTHER_RANGE] }, 9, b!.teller.quietly)
  await groupIs(teller, a!.groupId, 'PreparingRebalance')
  const second = again.join({ protocols: [OTHER_RANGE] }, 9, again.teller.quietly)
  await eventually(teller, 'the first', first)
  await a!.join()
  teller.note('the second', await second)
  await a!.beat()
  await again.beat()
  await teller.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario('Twice: a leader joins twice at once', 'a client that gave up its connection', async (teller) => {
  const [a, b] = await stableGroup(teller, [{}, {}])
  const again = twin(a!)
  const first = a!.join({}, 9, a!.teller.quietly)
  await groupIs(teller, a!.groupId, 'PreparingRebalance')
  const second = again.join({ protocols: [OTHER_RANGE] }, 9, again.teller.quietly)
  await eventually(teller, 'the first', first)
  await b!.join()
  teller.note('the second', await second)
  await teller.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

scenario('Twice: a follower syncs twice at once', 'a client that gave up its connection', async (teller) => {
  const [a, b] = await stableGroup(teller, [{}, {}])
  const coming = a!.join()
  await groupIs(teller, a!.groupId, 'PreparingRebalance')
  await Promise.all([coming, b!.join()])
  const again = twin(b!)
  const first = b!.sync({}, 5, b!.teller.quietly)
  await pause(100)
  const second = again.sync({ protocolName: null, protocolType: null }, 5, again.teller.quietly)
  await pause(100)
  await eventually(teller, 'the first', first)
  await a!.sync()
  teller.note('the second', await second)
  await again.beat()
})

scenario('Twice: a new member joins twice with the id it got', 'KIP-394', async (teller) => {
  const [a] = await stableGroup(teller, [{}])
  const b = new ClassicMember(teller, a!.groupId)
  await b.join()
  const again = twin(b)
  const first = b.join({}, 9, b.teller.quietly)
  await groupIs(teller, a!.groupId, 'PreparingRebalance', 2)
  introduce(teller, [a!, b])
  const second = again.join({}, 9, again.teller.quietly)
  await eventually(teller, 'the first', first)
  await a!.join()
  teller.note('the second', await second)
})

scenario('Twice: a static member joins twice without an id', 'group.instance.id, KIP-345', async (teller) => {
  const terms = { groupInstanceId: 'one' }
  const [a] = await stableGroup(teller, [{}])
  const [one, two] = [
    new ClassicMember(teller, a!.groupId, terms),
    new ClassicMember(teller, a!.groupId, terms),
  ]
  const first = one.join({}, 9, one.teller.quietly)
  await groupIs(teller, a!.groupId, 'PreparingRebalance', 2)
  const second = two.join({}, 9, two.teller.quietly)
  await eventually(teller, 'the first', first)
  await a!.join()
  teller.note('the second', await second)
  await two.beat()
  await one.beat()
})

scenario('Twice: a member that joins while it waits for its share', 'a lost answer', async (teller) => {
  const [a, b] = await stableGroup(teller, [{}, {}])
  const coming = a!.join()
  await groupIs(teller, a!.groupId, 'PreparingRebalance')
  await Promise.all([coming, b!.join()])
  const waiting = b!.sync({}, 5, b!.teller.quietly)
  await pause(100)
  await twin(b!).join()
  await eventually(teller, 'its share', waiting)
  await a!.sync()
  await teller.call('DescribeGroups', 6, { groups: [a!.groupId] })
})

const TURNS = {
  'turns static': ['', 'one'],
  'turns dynamic': ['one', ''],
  'takes another instance id': ['one', 'two'],
}

for (const [what, [before, after]] of Object.entries(TURNS)) {
  const terms = { groupInstanceId: before || null }
  const change = { groupInstanceId: after || null }

  scenario(`Turns: a stable member ${what}`, 'group.instance.id set in a rolling restart', async (teller) => {
    const [a, b] = await stableGroup(teller, [{}, terms])
    await b!.beat(change)
    await b!.sync(change)
    const answer = b!.join({ ...change, protocols: [OTHER_RANGE] }, 9, b!.teller.quietly)
    await eventually(teller, 'it joins', answer)
    await a!.beat()
    await teller.call('DescribeGroups', 6, { groups: [a!.groupId] })
    const leaving = { memberId: b!.memberId, ...change }
    await teller.call('LeaveGroup', 5, { groupId: a!.groupId, members: [leaving] })
    await teller.call('DescribeGroups', 6, { groups: [a!.groupId] })
  })

  scenario(`Turns: a member that waits for others ${what}`, 'a client of its own making', async (teller) => {
    const [a, b] = await stableGroup(teller, [{}, terms])
    const first = b!.join({ protocols: [OTHER_RANGE] }, 9, b!.teller.quietly)
    await groupIs(teller, a!.groupId, 'PreparingRebalance')
    const again = twin(b!)
    const second = again.join({ ...change, protocols: [OTHER_RANGE] }, 9, again.teller.quietly)
    await eventually(teller, 'with the other', second)
    await a!.join()
    await eventually(teller, 'as it was', first)
    await teller.call('DescribeGroups', 6, { groups: [a!.groupId] })
  })
}

scenario(
  'Pending: an id that was given comes with an instance id',
  'a client of its own making',
  async (teller) => {
    const a = new ClassicMember(teller, await newGroup(teller))
    await a.join()
    await a.join({ groupInstanceId: 'one' })
    await groupIs(teller, a.groupId, 'Empty')
    await teller.call('DescribeGroups', 6, { groups: [a.groupId] })
    await a.join()
  },
)

scenario('Pending: what an id may do before it has joined', 'KIP-394', async (teller) => {
  const a = new ClassicMember(teller, await newGroup(teller))
  await a.join()
  await groupIs(teller, a.groupId, 'Empty')
  await a.beat()
  await a.sync()
  await teller.call('OffsetCommit', 9, {
    groupId: a.groupId,
    memberId: a.memberId,
    generationIdOrMemberEpoch: 0,
    topics: [],
  })
  await teller.call('LeaveGroup', 5, {
    groupId: a.groupId,
    members: [{ memberId: a.memberId, groupInstanceId: 'one' }],
  })
  await teller.call('DeleteGroups', 2, { groupsNames: [a.groupId] })
  await a.join()
})

scenario('Pending: an id with a protocol that the group has not', 'KIP-394', async (teller) => {
  const [a] = await stableGroup(teller, [{}])
  const b = new ClassicMember(teller, a!.groupId)
  await b.join()
  await b.join({ protocols: [{ name: 'nothing', metadata: new Uint8Array() }] })
  await b.join({ protocolType: 'connect' })
  await b.join({ groupInstanceId: 'one' })
  await a!.beat()
  await b.leave()
  await b.join()
})

scenario('Pending: ids of another group', 'a client of its own making', async (teller) => {
  const [a, b] = [
    new ClassicMember(teller, await newGroup(teller)),
    new ClassicMember(teller, await newGroup(teller)),
  ]
  await a.join()
  await b.join()
  b.memberId = a.memberId
  await b.join()
  await b.leave()
})

scenario('Pending: a rebalance waits for the ids that were given', 'a fleet that starts', async (teller) => {
  const [a] = await stableGroup(teller, [{ rebalanceTimeoutMs: 3000 }])
  const terms = { rebalanceTimeoutMs: 3000 }
  const [b, c] = [new ClassicMember(teller, a!.groupId, terms), new ClassicMember(teller, a!.groupId, terms)]
  await b.join()
  await c.join()
  const coming = b.join()
  await groupIs(teller, a!.groupId, 'PreparingRebalance', 2)
  const rejoining = a!.join()
  await teller.call('DescribeGroups', 6, { groups: [a!.groupId] })
  await c.leave()
  introduce(teller, [a!, b])
  await Promise.all([coming, rejoining])
})
