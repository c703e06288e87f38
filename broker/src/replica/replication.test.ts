/**
 * Three replicas over links that delay and lose, with crashes, elections and cuts at random moments: what must hold holds after
 * every event, and when the faults end, everything becomes equal. Then the same with one bug at a time.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { contents } from '../../test/log-fixtures.ts'
import { InvariantBroken, ReplicaInvariants } from '../../test/replica-invariants.ts'
import { NODES, type Node, PRODUCE_TIMEOUT_MS, ThreeReplicas } from '../../test/three-replicas.ts'
import { LeaderState } from './leader-state.ts'
import { Partition } from './partition.ts'

const STEPS = 150
const SEEDS = 20
/** After the faults: longer than any timeout and any lag. */
const CALM_MS = 4000

interface Run {
  readonly cluster: ThreeReplicas
  readonly broken: string | undefined
}

/** One random life of three replicas; ends at the first broken invariant. */
function run(seed: number): Run {
  const cluster = new ThreeReplicas(seed)
  const invariants = new ReplicaInvariants(cluster)
  const pass = (ms: number): void => {
    const untilMs = cluster.time.now() + ms
    while (cluster.time.step(untilMs)) invariants.check()
  }
  try {
    pass(100)
    cluster.loss = 0.03
    for (let step = 0; step < STEPS; step++) {
      act(cluster)
      invariants.check()
      pass(cluster.random.int(40))
    }
    calmDown(cluster, pass)
    return { cluster, broken: undefined }
  } catch (error) {
    if (error instanceof InvariantBroken) return { cluster, broken: error.invariant }
    throw error
  }
}

function act(cluster: ThreeReplicas): void {
  const { random } = cluster
  const node = cluster.node(NODES[random.int(NODES.length)]!)
  const dice = random.int(100)
  if (dice < 60) cluster.produce(random.int(3) > 0)
  else if (dice < 66) cluster.transfer()
  else if (dice < 72) cluster.cutOff(node.id, (node.id % NODES.length) + 1)
  else if (dice < 82) cluster.heal()
  else if (dice < 87) cluster.crash(node)
  else if (dice < 90) cluster.deleteRecords()
  else if (!node.life) cluster.start(node)
}

/** The faults end; then what must happen eventually has happened. */
function calmDown(cluster: ThreeReplicas, pass: (ms: number) => void): void {
  cluster.loss = 0
  cluster.heal()
  for (const node of cluster.nodes) if (!node.life) cluster.start(node)
  pass(CALM_MS)
  writeWithout(cluster, cluster.node(NODES.find((id) => id !== cluster.state.leader)!), pass)
  pass(CALM_MS)
  const logs = cluster.nodes.map(({ log }) => log!)
  const start = Math.max(...logs.map(({ logStartOffset }) => logStartOffset))
  const [first, ...others] = logs.map((log) => `${contents(log, start)} | ${log.highWatermark}`)
  if (others.some((other) => other !== first) || cluster.state.isr.length < NODES.length)
    throw new InvariantBroken('EventuallyAcknowledgedValueFullyReplicated', `ISR ${cluster.state.isr}`)
}

/** A follower dies before it has fetched a record: the record is acknowledged when the follower has left the ISR. */
function writeWithout(cluster: ThreeReplicas, follower: Node, pass: (ms: number) => void): void {
  const before = cluster.acknowledged.length
  cluster.produce(true)
  cluster.crash(follower)
  pass(PRODUCE_TIMEOUT_MS)
  if (cluster.acknowledged.length === before)
    throw new InvariantBroken('EventuallyWriteIsAcceptedOrRejected', 'a record was not acknowledged')
  cluster.start(follower)
}

const seeds = Array.from({ length: SEEDS }, (_, at) => at + 1)

describe('random lives', () => {
  test('no invariant is broken, and everything rare has happened', { timeout: 60_000 }, () => {
    const happened = new Map<string, number>()
    for (const seed of seeds) {
      const { cluster, broken } = run(seed)
      expect(broken, `seed ${seed}`).toBeUndefined()
      for (const [what, count] of cluster.happened) happened.set(what, (happened.get(what) ?? 0) + count)
    }
    const wanted = [
      'acknowledged',
      'crash',
      'election',
      'ISR expanded',
      'ISR shrunk',
      'DeleteRecords',
      'ListOffsets',
    ]
    expect(wanted.filter((what) => !happened.has(what))).toEqual([])
  })

  test('the same seed gives the same life', () => {
    const lifeOf = (seed: number) => {
      const { cluster } = run(seed)
      return [cluster.time.now(), [...cluster.happened], cluster.nodes.map(({ log }) => contents(log!))]
    }
    expect(lifeOf(7)).toEqual(lifeOf(7))
  })
})

/** A bug on purpose: the named method behaves otherwise. Private methods, too: the bugs are inside. */
function plant(
  target: { readonly prototype: object },
  name: string,
  wrong: (original: (...given: unknown[]) => unknown) => (this: never, ...given: never[]) => unknown,
): void {
  const prototype = target.prototype as Record<string, (...given: unknown[]) => unknown>
  const original = prototype[name]!
  prototype[name] = wrong(original) as (...given: unknown[]) => unknown
  restore.push(() => {
    prototype[name] = original
  })
}
const restore: (() => void)[] = []
afterEach(() => {
  for (const undo of restore.splice(0)) undo()
})

/** What the first run that shows the bug has broken. */
function found(): string | undefined {
  for (let seed = 1; seed <= 10 * SEEDS; seed++) {
    const { broken } = run(seed)
    if (broken) return broken
  }
  return undefined
}

describe('a bug on purpose is found', { timeout: 120_000 }, () => {
  test('a follower truncates to its high watermark (R1)', () => {
    plant(
      Partition,
      'follow',
      (original) =>
        function (this: Partition, ...given) {
          const isNew = original.apply(this, given)
          if (isNew) this.truncateTo(this.log.highWatermark)
          return isNew
        },
    )
    expect(['StrongIsr', 'LeaderCandidateCompleteness', 'ConsistentRead']).toContain(found())
  })

  test('the high watermark does not wait for a member that is only proposed (R11)', () => {
    type State = { committedIsr: number[] }
    plant(
      LeaderState,
      'mustHave',
      () =>
        function (this: State, id: number) {
          return this.committedIsr.includes(id)
        },
    )
    expect(['StrongIsr', 'LeaderCandidateCompleteness']).toContain(found())
  })

  test('a follower joins the ISR below the start of the leader epoch (R5)', () => {
    type State = { epochStartOffset: number; maybeExpandIsr: unknown }
    plant(
      LeaderState,
      'maybeExpandIsr',
      (original) =>
        function (this: State, ...given) {
          const { epochStartOffset } = this
          this.epochStartOffset = 0
          const proposal = original.apply(this, given)
          this.epochStartOffset = epochStartOffset
          return proposal
        },
    )
    expect(found()).toBeDefined()
  })

  test('a new leader keeps what it knew of its followers (R7)', () => {
    const kept = new Map<unknown, unknown>()
    type State = { log: object; followers: Map<number, unknown> }
    plant(
      LeaderState,
      'setFollowers',
      (original) =>
        function (this: State, ...given) {
          original.apply(this, given)
          const before = kept.get(this.log) as Map<number, unknown> | undefined
          if (before) this.followers = new Map(before)
          kept.set(this.log, this.followers)
        },
    )
    expect(found()).toBeDefined()
  })

  test('a follower takes the high watermark over before it truncates (R17)', () => {
    plant(
      Partition,
      'truncateToDivergence',
      (original) =>
        function (this: Partition, ...given) {
          const { highWatermark } = this.log
          original.apply(this, given)
          this.log.highWatermark = Math.max(highWatermark, this.log.logEndOffset)
        },
    )
    expect(['ConsistentRead', 'StrongIsr']).toContain(found())
  })

  test('the high watermark is not computed again when the ISR has changed (R24)', () => {
    plant(LeaderState, 'moved', () => () => ({ highWatermarkMoved: false }))
    expect(found()).toBe('EventuallyWriteIsAcceptedOrRejected')
  })
})
