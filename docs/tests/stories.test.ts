/**
 * The stories behind the figures: what chapters say about them is asserted here, in numbers, against our broker in virtual
 * time.
 */
import { describe, expect, it } from 'vitest'
import type { AsideAction, AsideStrategy } from '../src/figures/aside/aside.ts'
import { overtaken } from '../src/figures/aside/aside.ts'
import { tellAside } from '../src/figures/aside/aside-story.ts'
import { candidates, TOOLS } from '../src/figures/choose/choose.ts'
import type { Command } from '../src/figures/commands/commands.ts'
import { tellCommands } from '../src/figures/commands/commands-story.ts'
import { type CompactionAction, PRICE_KEYS, type PriceKey } from '../src/figures/compaction/compaction.ts'
import { tableOf, tellCompaction } from '../src/figures/compaction/compaction-story.ts'
import { BROKER_KEY, LAYER_BYTES, LAYERS, type Layer, TOPIC_KEY } from '../src/figures/configs/configs.ts'
import { tellConfigs } from '../src/figures/configs/configs-story.ts'
import { ADVERTISED, connect, PLACES } from '../src/figures/connect/connect.ts'
import { connectorTasks, WORKERS } from '../src/figures/connector/connector.ts'
import { cooperativeShares, rangeShares } from '../src/figures/group/assign.ts'
import { type GroupAction, type GroupStory, PROTOCOLS, type Protocol } from '../src/figures/group/group.ts'
import { tellGroup } from '../src/figures/group/group-story.ts'
import { type Load, limitsOf } from '../src/figures/limits/limits.ts'
import { type OutboxAction, tellOutbox, verdictOf, WAYS } from '../src/figures/outbox/outbox.ts'
import { harm, nextStep, type Order, type ReadingAction } from '../src/figures/reading/reading.ts'
import { tellReading } from '../src/figures/reading/reading-story.ts'
import { tellBytes } from '../src/figures/record/batch-bytes-story.ts'
import { MIN_INSYNC_REPLICAS, replicationStates } from '../src/figures/replication/replication.ts'
import type { RetentionAction } from '../src/figures/retention/retention.ts'
import { tellRetention } from '../src/figures/retention/retention-story.ts'
import { eveAt, PROTOCOLS as PROTOCOLS_OF_LISTENERS } from '../src/figures/security/security.ts'
import { tellGathering, tellRetries } from '../src/figures/sending/sending-story.ts'
import { streamState } from '../src/figures/stream/stream.ts'
import type { TransactionAction } from '../src/figures/transaction/transaction.ts'
import { tellTransaction } from '../src/figures/transaction/transaction-story.ts'

const join: GroupAction = { type: 'join' }
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
const sharesOf = (story: GroupStory) =>
  Object.fromEntries(story.steps.at(-1)!.members.map(({ name, owned }) => [name, owned]))
const stopped = (story: GroupStory) => story.stoppedMs.filter((ms) => ms > 0).length

describe('a group', { timeout: 30_000 }, () => {
  it.each(PROTOCOLS)('%s: the first member gets everything, the second its share', (protocol) => {
    expect(sharesOf(tellGroup(protocol, [join]))).toEqual({ A: [0, 1, 2, 3] })
    const { A, B } = sharesOf(tellGroup(protocol, [join, join])) as { A: number[]; B: number[] }
    expect([A.length, B.length]).toEqual([2, 2])
    expect([...A, ...B].toSorted()).toEqual([0, 1, 2, 3])
  })

  it('tells the same actions in the same way', () => {
    expect(tellGroup('eager', [join, join, join])).toEqual(tellGroup('eager', [join, join, join]))
  })

  it('stands still as a whole in eager; in the others only what moves', () => {
    const stories = PROTOCOLS.map((protocol) => tellGroup(protocol, [join, join, join]))
    expect(stories.map(stopped)).toEqual([4, 1, 1])
    for (const story of stories) {
      const sizes = Object.values(sharesOf(story)).map(({ length }) => length)
      expect(sizes.toSorted()).toEqual([1, 1, 2])
    }
  })

  it('waits for a busy member in eager; in cooperative and KIP-848 the others read on', () => {
    const actions: GroupAction[] = [join, join, { type: 'busy', member: 'A' }, join]
    const told = (protocol: Protocol) => tellGroup(protocol, actions)
    const stillB = (story: GroupStory) => {
      const ofB = story.spans.map((spans, partition) => ({ spans, partition }))
      return sum(
        ofB
          .filter(({ spans }) => spans[0]!.owner === 'B')
          .map(({ spans }) =>
            sum(spans.filter(({ owner }) => owner === null).map(({ from, to }) => to - from)),
          ),
      )
    }
    expect(stillB(told('eager'))).toBeGreaterThan(30_000)
    expect(stillB(told('cooperative'))).toBeLessThan(10_000)
    expect(stillB(told('consumer'))).toBeLessThan(10_000)
  })

  it.each(PROTOCOLS)(
    '%s: a member that leaves is gone at once, one that crashes after 45 seconds',
    (protocol) => {
      const left = tellGroup(protocol, [join, join, { type: 'leave', member: 'B' }])
      const crashed = tellGroup(protocol, [join, join, { type: 'crash', member: 'B' }])
      for (const story of [left, crashed]) expect(sharesOf(story)).toEqual({ A: [0, 1, 2, 3] })
      expect(Math.max(...left.stoppedMs)).toBeLessThan(6000)
      expect(Math.max(...crashed.stoppedMs)).toBeGreaterThan(40_000)
      expect(crashed.steps.map(({ happening }) => happening)).toContain('expires')
    },
  )

  it.each(PROTOCOLS)('%s: of six members two have nothing to read', (protocol) => {
    const story = tellGroup(protocol, [join, join, join, join, join, join])
    const sizes = Object.values(sharesOf(story)).map(({ length }) => length)
    expect(sizes.toSorted()).toEqual([0, 0, 1, 1, 1, 1])
  })

  it.each(PROTOCOLS)('%s: no partition has two readers at any step', (protocol) => {
    for (const actions of [
      [join, join, join],
      [join, join, { type: 'crash', member: 'A' } as const, join],
    ])
      for (const { members } of tellGroup(protocol, actions).steps) {
        const owned = members.flatMap((member) => member.owned)
        expect(new Set(owned).size).toBe(owned.length)
      }
  })
})

describe('the shares of a classic group', () => {
  it('ASSIGN-1: pieces of the row, the first members get one more', () => {
    const members = ['b', 'a', 'c'].map((memberId) => ({ memberId, owned: [] }))
    expect([...rangeShares(members, 4)]).toEqual([
      ['a', [0, 1]],
      ['b', [2]],
      ['c', [3]],
    ])
  })

  it('ASSIGN-2: what another member still owns waits for the next generation', () => {
    const members = [
      { memberId: 'a', owned: [0, 1, 2, 3] },
      { memberId: 'b', owned: [] },
    ]
    expect([...cooperativeShares(members, 4)]).toEqual([
      ['a', [0, 1]],
      ['b', []],
    ])
    const then = [
      { memberId: 'a', owned: [0, 1] },
      { memberId: 'b', owned: [] },
    ]
    expect([...cooperativeShares(then, 4)]).toEqual([
      ['a', [0, 1]],
      ['b', [2, 3]],
    ])
  })
})

describe('a consumer', { timeout: 20_000 }, () => {
  const last = (actions: ReadingAction[]) => tellReading(6, actions).at(-1)!

  it('begins at the beginning, and a poll moves the position only', () => {
    expect(last([])).toMatchObject({ end: 6, position: 0, committed: null, inHand: [] })
    expect(last(['poll'])).toMatchObject({ position: 3, committed: null, inHand: [0, 1, 2] })
    expect(last(['poll', 'handle'])).toMatchObject({ position: 3, committed: null, inHand: [1, 2] })
  })

  it('has everything again that was not committed', () => {
    const again = last(['poll', 'handle', 'crash', 'start', 'poll', 'handle'])
    expect(again).toMatchObject({ position: 3, handled: [2, 0, 0, 0, 0, 0] })
    expect(harm(again)).toEqual({ lost: [], repeated: [0] })
  })

  it('goes on where it has committed', () => {
    expect(last(['poll', 'handle', 'handle', 'handle', 'commit', 'crash', 'start'])).toMatchObject({
      position: 3,
      committed: 3,
    })
  })

  it('never gets what was committed and not handled', () => {
    const story = last(['poll', 'commit', 'handle', 'crash', 'start'])
    expect(harm(story)).toEqual({ lost: [1, 2], repeated: [] })
  })

  it('lags behind the end, which moves', () => {
    expect(last(['send', 'send'])).toMatchObject({ end: 8, position: 0 })
    expect(last(['send', 'poll'])).toMatchObject({ end: 7, position: 3, committed: null })
  })

  /** The program in a loop, with a crash before the step of this number, to its end. */
  function run(order: Order, crashAt: number) {
    const actions: ReadingAction[] = []
    for (;;) {
      const next = actions.length === crashAt ? 'crash' : nextStep(order, last(actions))
      if (next === null) return harm(last(actions))
      actions.push(next)
    }
  }

  it.each([
    ['after', 0],
    ['before', 1],
  ] as const)('that commits %s handling: repeats or loses, never both, at each crash', (order, isLoss) => {
    const steps = 10
    const all = Array.from({ length: steps }, (_, step) => run(order, step))
    expect(all.some(({ lost }) => lost.length > 0)).toBe(isLoss === 1)
    expect(all.some(({ repeated }) => repeated.length > 0)).toBe(isLoss === 0)
    expect(all.some(({ lost, repeated }) => lost.length + repeated.length === 0)).toBe(true)
  })
})

describe('the bytes of a record', () => {
  const typed = { key: 'anna', hasKey: true, value: 'paid', headerName: 'attempt', headerValue: '1' }
  const fieldSays = (name: string, text = typed) =>
    tellBytes(text).find((field) => field.name === name)?.value
  const sizeOf = (part: 'batch' | 'record') =>
    sum(
      tellBytes(typed)
        .filter(({ of }) => of === part)
        .map(({ hex }) => hex.split(' ').length),
    )

  it('are 61 of header, and the record', () => {
    expect(sizeOf('batch')).toBe(61)
    expect(fieldSays('batchLength')).toBe(String(sizeOf('batch') + sizeOf('record') - 12))
    expect(fieldSays('length')).toBe(String(sizeOf('record') - 1))
  })

  it('hold what was typed', () => {
    expect(['key', 'value', 'header name', 'header value'].map((name) => fieldSays(name))).toEqual([
      '"anna"',
      '"paid"',
      '"attempt"',
      '"1"',
    ])
  })

  it('tell null from an empty key', () => {
    expect(fieldSays('key length', { ...typed, hasKey: false })).toBe('-1')
    expect(fieldSays('key length', { ...typed, key: '' })).toBe('0')
  })

  it('change their checksum with the value, which does not cover what the broker writes', () => {
    expect(fieldSays('crc')).not.toBe(fieldSays('crc', { ...typed, value: 'paid!' }))
    const byBroker = tellBytes(typed).filter(({ by }) => by === 'broker')
    expect(byBroker.map(({ name, isChecked }) => [name, isChecked])).toEqual([
      ['baseOffset', false],
      ['partitionLeaderEpoch', false],
    ])
  })
})

describe('a transaction', { timeout: 20_000 }, () => {
  const last = (...actions: TransactionAction[]) => tellTransaction(actions).at(-1)!

  it('keeps read_committed before it while it is open, also from records outside of it', () => {
    expect(last('plain', 'write', 'plain')).toMatchObject({
      end: 3,
      lastStableOffset: 1,
      uncommitted: [0, 1, 2],
      committed: [0],
    })
  })

  it('is decided by a marker, which takes an offset', () => {
    expect(last('write', 'write', 'commit')).toMatchObject({ end: 3, lastStableOffset: 3, committed: [0, 1] })
    const aborted = last('write', 'abort')
    expect(aborted).toMatchObject({ end: 2, uncommitted: [0], committed: [] })
    expect(aborted.cells.map(({ kind }) => kind)).toEqual(['aborted', 'abort marker'])
  })

  it('is aborted by a second instance, which fences the first', () => {
    expect(last('write', 'restart')).toMatchObject({ committed: [], isOpen: false, hasZombie: true })
    expect(last('write', 'restart', 'zombie').error).toBe('PRODUCER_FENCED')
    expect(last('write', 'restart', 'zombie', 'write', 'commit')).toMatchObject({
      error: null,
      committed: [2],
    })
  })
})

describe('a producer', { timeout: 20_000 }, () => {
  const usual = { lingerMs: 5, batchBytes: 16_384, recordsPerSecond: 1000, valueBytes: 100 }

  it('gathers what comes within linger.ms', () => {
    const { batches, waitMs } = tellGathering(usual)
    expect(batches.slice(0, -1).every(({ records }) => records === 6)).toBe(true)
    expect(sum(batches.map(({ records }) => records))).toBe(1000)
    expect(waitMs).toBeCloseTo(2.5, 1)
  })

  it('sends each record by itself without linger: the header of a batch for each', () => {
    const small = { ...usual, lingerMs: 0, valueBytes: 10 }
    const alone = tellGathering(small)
    expect(alone.batches.length).toBe(1000)
    expect(alone.waitMs).toBe(0)
    const gathered = tellGathering({ ...small, lingerMs: 20 })
    expect(alone.bytesPerRecord).toBeGreaterThan(70)
    expect(gathered.bytesPerRecord).toBeLessThan(21)
  })

  it('does not wait when a batch is full', () => {
    const full = { ...usual, recordsPerSecond: 5000, valueBytes: 1000 }
    const { batches } = tellGathering(full)
    expect(batches[0]).toMatchObject({ records: 16 })
    expect(batches[0]!.bytes).toBeLessThanOrEqual(16_384)
    const whole = (lingerMs: number) => tellGathering({ ...full, lingerMs }).batches.slice(0, -1)
    expect(whole(50)).toEqual(whole(20))
  })

  it('doubles a record by a retry, unless it is idempotent', () => {
    const actions = ['send', 'lose', 'retry'] as const
    expect(tellRetries(false, actions).at(-1)).toEqual({ log: [1, 2, 2], unanswered: null, answer: 2 })
    expect(tellRetries(true, actions).at(-1)).toEqual({ log: [1, 2], unanswered: null, answer: 1 })
    expect(tellRetries(true, ['send', 'lose']).at(-1)).toEqual({ log: [1, 2], unanswered: 2, answer: 0 })
  })
})

describe('the command line', { timeout: 20_000 }, () => {
  const last = (...commands: Command[]) => tellCommands(commands).at(-1)!

  it('creates, writes, and reads without a trace', () => {
    expect(last('create')).toMatchObject({ printed: ['Created topic orders.'], changed: 'topic' })
    expect(last('create', 'produce')).toMatchObject({
      changed: 'records',
      partitions: [{ values: ['tea', 'milk', 'bread'], committed: null }],
    })
    const [, , , first, second] = tellCommands(['create', 'produce', 'consumeAll', 'consumeAll'])
    for (const view of [first!, second!])
      expect(view).toMatchObject({
        printed: ['tea', 'milk', 'bread', '^C', 'Processed a total of 3 messages'],
        changed: 'nothing',
      })
  })

  it('commits what a group has read, and goes on there in spite of --from-beginning', () => {
    const [, , , first, second] = tellCommands(['create', 'produce', 'consumeGroup', 'consumeGroup'])
    expect(first).toMatchObject({ changed: 'committed', partitions: [{ committed: 2 }] })
    expect(first!.printed).toEqual(['tea', 'milk', 'Processed a total of 2 messages'])
    expect(second!.printed).toEqual(['bread', '^C', 'Processed a total of 1 messages'])
    expect(second!.partitions).toEqual([{ values: ['tea', 'milk', 'bread'], committed: 3 }])
  })

  it('shows the lag of the group, and resets it with --execute only', () => {
    const read = ['create', 'produce', 'consumeGroup'] as const
    expect(last(...read, 'describeGroup').printed.at(-1)).toMatch(/^billing +orders +0 +2 +3 +1 +-/)
    expect(last('create', 'describeGroup').printed.join()).toMatch(/Group billing not found\.$/)
    expect(last(...read, 'resetDry')).toMatchObject({ changed: 'nothing', partitions: [{ committed: 2 }] })
    const done = last(...read, 'reset')
    expect(done).toMatchObject({ changed: 'committed', partitions: [{ committed: 0 }] })
    expect(done.printed).toEqual(last(...read, 'resetDry').printed)
  })

  it('adds an empty partition, and takes none away', () => {
    const grown = ['create', 'produce', 'consumeGroup', 'alter'] as const
    expect(last(...grown).partitions.map(({ values }) => values.length)).toEqual([3, 0])
    expect(last(...grown, 'produce').partitions.map(({ values }) => values.length)).toEqual([3, 3])
    expect(last(...grown, 'produce', 'offsets').printed).toEqual(['orders:0:3', 'orders:1:3'])
    expect(last(...grown, 'produce', 'describeGroup').printed.length).toBe(4)
    const shrunk = last(...grown, 'shrink')
    expect(shrunk.changed).toBe('nothing')
    expect(shrunk.printed.join()).toContain('1 would not be an increase')
  })
})

describe('a setting in several places', { timeout: 20_000 }, () => {
  const inForce = (...set: Layer[]) => tellConfigs({ set, recordBytes: 900_000 })

  it('is looked up in one order, whatever its values', () => {
    expect(inForce()).toMatchObject({ bytes: 1_048_588, source: 'DEFAULT_CONFIG', answer: 'NONE' })
    for (const [place, layer] of LAYERS.entries())
      expect(inForce(...LAYERS.slice(place)).bytes, layer).toBe(LAYER_BYTES[layer])
  })

  it('lists all that were found, with the one that counts first', () => {
    expect(inForce('file', 'topic', 'brokers').synonyms).toEqual([
      { source: 'DYNAMIC_TOPIC_CONFIG', name: TOPIC_KEY, value: '1000000' },
      { source: 'DYNAMIC_DEFAULT_BROKER_CONFIG', name: BROKER_KEY, value: '500000' },
      { source: 'STATIC_BROKER_CONFIG', name: BROKER_KEY, value: '2000000' },
      { source: 'DEFAULT_CONFIG', name: BROKER_KEY, value: '1048588' },
    ])
  })

  it('acts at once', () => {
    expect(inForce('brokers').answer).toBe('MESSAGE_TOO_LARGE')
    expect(tellConfigs({ set: ['broker'], recordBytes: 2_500_000 }).answer).toBe('NONE')
    expect(tellConfigs({ set: ['broker', 'topic'], recordBytes: 2_500_000 }).answer).toBe('MESSAGE_TOO_LARGE')
  })
})

describe('the limits of a load', () => {
  const alone: Load = { valueBytes: 100, perBatch: 1, inFlight: 1, roundTripMs: 1, copies: 3, groups: 1 }

  it('is the waiting for answers, when one request goes at a time', () => {
    const { lowest, recordsPerS, inMBs } = limitsOf(alone)
    expect([lowest, Math.round(recordsPerS)]).toEqual(['answers', 588])
    expect(inMBs).toBeLessThan(0.2)
    expect(limitsOf({ ...alone, valueBytes: 1000, groups: 10, copies: 3 }).recordsPerS).toBe(recordsPerS)
    expect(limitsOf({ ...alone, perBatch: 100 }).recordsPerS).toBe(100 * recordsPerS)
  })

  it('becomes the network, which carries a record once for each follower and each group', () => {
    const large: Load = { ...alone, valueBytes: 1000, perBatch: 1000, inFlight: 50, groups: 10 }
    const { lowest, inMBs, outMBs } = limitsOf(large)
    expect(lowest).toBe('network')
    expect(outMBs / inMBs).toBeCloseTo(12, 6)
  })
})

describe('retention', { timeout: 30_000 }, () => {
  const waits = (count: number) => Array.from({ length: count }, (): RetentionAction => 'wait')
  const byTime = (...actions: RetentionAction[]) => tellRetention('time', actions).at(-1)!
  const bases = ({ segments }: { segments: readonly { baseOffset: number }[] }) =>
    segments.map(({ baseOffset }) => baseOffset)

  it('deletes nothing in time, and after its time everything, the active segment too; offsets go on', () => {
    expect(byTime(...waits(6))).toMatchObject({ logStart: 0, end: 4, deleted: [] })
    const gone = byTime(...waits(7))
    expect(gone).toMatchObject({ logStart: 4, end: 4, deleted: [0, 1, 2, 3] })
    expect(bases(gone)).toEqual([4])
    expect(byTime(...waits(7), 'send')).toMatchObject({ logStart: 4, end: 5 })
  })

  it('judges a segment by its newest timestamp: one record that lies ahead keeps its neighbours', () => {
    const kept = byTime('fast', ...waits(7))
    expect(bases(kept)).toEqual([3])
    expect(kept.deleted).toEqual([0, 1, 2])
    expect(kept.segments[0]!.records.map(({ minutes }) => minutes)).toEqual([70, 20])
    expect(byTime('fast', ...waits(12)).deleted).toEqual([3, 4])
  })

  it('tells a reader that comes late that its offset is gone, and what lay between is skipped', () => {
    expect(byTime('read')).toMatchObject({ got: [0, 1], position: 2, error: null, logStart: 0 })
    const late = byTime('read', ...waits(7), 'send', 'read')
    expect(late).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE', skipped: [2, 3], position: 4 })
    expect(byTime('read', ...waits(7), 'send', 'read', 'read')).toMatchObject({ got: [4], position: 5 })
  })

  it('by size keeps at least what retention.bytes says, and less than a segment more', () => {
    const sends = Array.from({ length: 6 }, (): RetentionAction => 'send')
    const full = tellRetention('size', sends).at(-1)!
    expect([bases(full), full.logStart]).toEqual([[0, 3, 6, 9], 0])
    const checked = tellRetention('size', [...sends, 'wait']).at(-1)!
    expect([bases(checked), checked.logStart, checked.end]).toEqual([[3, 6, 9], 3, 10])
  })
})

describe('compaction', { timeout: 30_000 }, () => {
  const last = (...actions: CompactionAction[]) => tellCompaction(actions).at(-1)!
  const four = (key: PriceKey): CompactionAction => ({ type: 'set', key, times: 4 })
  const minute: CompactionAction = { type: 'wait', minutes: 1 }
  const quarter: CompactionAction = { type: 'wait', minutes: 15 }
  const offsets = ({ segments }: { segments: readonly { records: readonly { offset: number }[] }[] }) =>
    segments.flatMap(({ records }) => records.map(({ offset }) => offset))
  const half = [minute, four('milk'), minute] as const
  const cleaned = [...half, four('milk'), minute] as const
  const buried = [...cleaned, { type: 'delete', key: 'milk' }, four('tea'), four('tea'), minute] as const

  it('does not look at the active segment', () => {
    expect(last(minute)).toMatchObject({ removed: [], firstDirty: 4, end: 6 })
    expect(offsets(last(minute))).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('waits until more than half of the closed segments is dirty', () => {
    const { removed, dirtyShare } = last(...half)
    expect(removed).toEqual([])
    expect(dirtyShare).toBeGreaterThan(0.45)
    expect(dirtyShare).toBeLessThanOrEqual(0.5)
  })

  it('keeps the last record of each key, at its offset', () => {
    const view = last(...cleaned)
    expect(view.removed).toEqual([0, 1, 6, 7, 8, 9, 10])
    expect(offsets(view)).toEqual([2, 3, 4, 5, 11, 12, 13])
    expect(view.table).toEqual(last(...half, four('milk')).table)
  })

  it('keeps a tombstone at first, and removes it in a pass after delete.retention.ms', () => {
    const kept = last(...buried)
    expect(offsets(kept)).toEqual([2, 3, 4, 14, 19, 20, 21, 22])
    expect(kept.table.map(([key]) => key)).toEqual(['bread', 'rice', 'salt', 'tea'])
    expect(last(...buried, quarter).removed).toEqual([])
    const gone = last(...buried, quarter, four('tea'), four('tea'), minute)
    expect(offsets(gone)).not.toContain(14)
    expect(gone.table.map(([key]) => key)).toEqual(['bread', 'rice', 'salt', 'tea'])
  })

  it('never changes the table', () => {
    const table = new Map<string, string>()
    let price = 10
    for (const key of [...PRICE_KEYS, PRICE_KEYS[0]]) table.set(key, String(price++))
    for (const _ of [1, 2, 3, 4, 5, 6, 7, 8]) table.set('milk', String(price++))
    const expected = tableOf([...table].map(([key, value], offset) => ({ offset, key, value })))
    expect(last(...cleaned).table).toEqual(expected)
  })
})

describe('a client that looks for its broker', () => {
  it('works where the advertised address leads to the broker, and nowhere else', () => {
    const results = ADVERTISED.map((advertised) => PLACES.map((place) => connect(place, advertised).result))
    expect(results).toEqual([
      ['works', 'itself', 'itself'],
      ['unknown', 'works', 'unknown'],
      ['works', 'works', 'works'],
      ['works', 'works', 'itself'],
    ])
  })
})

describe('the sequence of a partition with three replicas', () => {
  const endOf = ({ replicas }: (typeof replicationStates)[number], broker: number) =>
    replicas.find((replica) => replica.broker === broker)!.end

  it.each(replicationStates.map((state, step) => ({ step, state })))(
    'step $step obeys the rules',
    ({ step, state }) => {
      const { isr, leader, highWatermark, replicas, leaderEpoch } = state
      expect(isr).toContain(leader)
      expect(replicas[leader - 1]!.runs).toBe(true)
      expect(highWatermark).toBeLessThanOrEqual(Math.min(...isr.map((broker) => endOf(state, broker))))
      const before = replicationStates[step - 1]
      if (before === undefined) return
      expect(highWatermark).toBeGreaterThanOrEqual(before.highWatermark)
      if (isr.length < MIN_INSYNC_REPLICAS) expect(highWatermark).toBe(before.highWatermark)
      if (leader !== before.leader) {
        expect(before.isr).toContain(leader)
        expect(leaderEpoch).toBe(before.leaderEpoch + 1)
      }
    },
  )
})

describe('the choice of a tool', () => {
  it('leaves what serves every need, best first', () => {
    expect(candidates(['readers', 'replay'])).toEqual(['kafka', 'database', 'objects'])
    expect(candidates(['tasks'])).toEqual(['queue', 'database', 'kafka', 'http'])
    expect(candidates(['reply'])).toEqual(['http', 'queue', 'mqtt'])
    expect(candidates(['devices', 'replay'])).toEqual([])
    expect(candidates([])).toEqual(TOOLS)
  })
})

describe('a store and its changelog', () => {
  const lost = ['anna 10', 'boris 5', 'anna 7', 'loseDisk', 'anna 10'] as const

  it('is built again from the last value of each key', () => {
    expect(streamState(lost.slice(0, 4), true).store).toEqual({ anna: 17, boris: 5 })
    expect(streamState(lost, true).output).toEqual(['anna 10', 'boris 5', 'anna 17', 'anna 27'])
  })

  it('is forgotten without a changelog, and the output goes on with too little', () => {
    expect(streamState(lost, false).output).toEqual(['anna 10', 'boris 5', 'anna 17', 'anna 10'])
  })
})

describe('the tasks of a sink', () => {
  it.each(
    [1, 2, 3, 4, 5, 6].flatMap((partitions) =>
      [1, 2, 3, 4, 5, 6].map((tasksMax) => ({ partitions, tasksMax })),
    ),
  )('share $partitions partitions among $tasksMax tasks, each once', ({ partitions, tasksMax }) => {
    const tasks = connectorTasks(partitions, tasksMax, WORKERS)
    expect(tasks.flatMap((task) => task.partitions).toSorted()).toEqual(
      Array.from({ length: partitions }, (_, partition) => partition),
    )
    expect(tasks.filter((task) => task.partitions.length > 0).length).toBe(Math.min(partitions, tasksMax))
  })

  it('move only from a worker that is gone', () => {
    const tasks = connectorTasks(6, 6, ['A', 'C'], WORKERS)
    expect(tasks.filter(({ hasMoved }) => hasMoved).map(({ id }) => id)).toEqual([1, 4])
    expect(tasks.map(({ worker }) => worker)).toEqual(['A', 'A', 'C', 'A', 'C', 'C'])
  })
})

describe('an eavesdropper', () => {
  it('is kept out by a name, encryption and an authorizer together', () => {
    const writes = PROTOCOLS_OF_LISTENERS.map((protocol) =>
      [false, true].map((has) => eveAt(protocol, has).writes),
    )
    expect(writes).toEqual([
      [true, false],
      [true, false],
      [true, true],
      [false, false],
    ])
    expect(PROTOCOLS_OF_LISTENERS.map((protocol) => eveAt(protocol, true).readsRecords)).toEqual([
      true,
      false,
      true,
      false,
    ])
  })
})

describe('records that cannot be handled', { timeout: 30_000 }, () => {
  /** As far as the program gets: it takes what it can, and waits when there is nothing else to do. */
  function told(strategy: AsideStrategy, presses = 30) {
    const actions: AsideAction[] = []
    for (let press = 0; press < presses; press++) {
      const view = tellAside(strategy, actions).at(-1)!
      if (!view.canStep && !view.canWait) break
      actions.push(view.canStep ? 'step' : 'wait')
    }
    return tellAside(strategy, actions)
  }

  it('stop the partition when they are repeated on the spot', () => {
    const last = told('inPlace', 12).at(-1)!
    expect(last.handled).toEqual(['anna 1', 'boris 1', 'anna 2'])
    expect([last.committed.orders, last.name, last.news]).toEqual([3, 'vera 1', 'again'])
  })

  it('aside: all others are handled, one of them out of order', () => {
    const last = told('aside').at(-1)!
    expect(last.handled).toEqual(['boris 1', 'anna 2', 'boris 2', 'anna 3', 'anna 1'])
    expect(overtaken(last.handled)).toEqual(['anna 1'])
    expect(last.logs['orders-dead']).toEqual(['vera 1'])
    expect(last.failures).toEqual({ 'anna 1': 1, 'vera 1': 2 })
    expect(last.committed.orders).toBe(last.logs.orders.length)
  })

  it('aside with their key behind them: every customer in order', () => {
    const last = told('inOrder').at(-1)!
    expect(last.handled).toEqual(['boris 1', 'boris 2', 'anna 1', 'anna 2', 'anna 3'])
    expect(overtaken(last.handled)).toEqual([])
    expect(last.logs['orders-retry']).toEqual(['anna 1', 'anna 2', 'vera 1', 'anna 3'])
    expect(last.logs['orders-dead']).toEqual(['vera 1'])
  })
})

describe('an order on its way into a database and a topic', () => {
  const step: OutboxAction = 'step'
  const crashAfter = (steps: number): OutboxAction[] => [...Array(steps).fill(step), 'crash']
  const end = (way: (typeof WAYS)[number], actions: readonly OutboxAction[]) =>
    verdictOf(tellOutbox(way, actions).at(-1)!)

  it.each(WAYS)('%s: without a crash both know of the order, once', (way) => {
    expect(end(way, [step, step, step])).toBe('agree')
  })

  it('is lost when saved first, and a ghost when sent first, after a crash in the middle', () => {
    expect(end('save first', crashAfter(1))).toBe('lost')
    expect(end('send first', crashAfter(1))).toBe('ghost')
    for (const way of ['save first', 'send first'] as const) {
      expect(end(way, crashAfter(0))).toBe('nothing')
      expect(end(way, crashAfter(2))).toBe('agree')
    }
  })

  it('is with an outbox at worst there twice, whenever it crashes', () => {
    const ends = [0, 1, 2, 3].map((steps) => end('outbox', [...crashAfter(steps), step, step]))
    expect(ends).toEqual(['nothing', 'agree', 'twice', 'agree'])
  })
})
