import { expect, test } from 'vitest'
import type { Timers } from '../../core.ts'
import { type Steps, Turns } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { KAFKA_DEFAULTS } from './group-config.ts'
import { GroupShard } from './group-shard.ts'

const host = { core: { timers: { set: () => ({ cancel: () => {} }) } } }
const shard = () => new GroupShard({ host: host as never, config: KAFKA_DEFAULTS, partition: 0 })

test('GROUP-SHARD-4: work that a response releases is queued until the work that sent the response is done', () => {
  const order: string[] = []
  const groupShard = shard()
  const whenIdle = (groupId: string, work: () => void): void => groupShard.whenIdle(groupId, work)
  whenIdle('g', () => {
    order.push('the first begins')
    whenIdle('g', () => order.push('the second'))
    whenIdle('another', () => order.push('another group'))
    order.push('the first ends')
  })
  whenIdle('g', () => order.push('the third'))
  expect(order).toEqual(['the first begins', 'another group', 'the first ends', 'the second', 'the third'])
})

test('a group continues after an error', () => {
  const order: string[] = []
  const groupShard = shard()
  const wrong = () => {
    groupShard.whenIdle('g', () => order.push('what came meanwhile'))
    throw new Error('wrong')
  }
  expect(() => groupShard.whenIdle('g', wrong)).toThrow('wrong')
  groupShard.whenIdle('g', () => order.push('what came later'))
  expect(order).toEqual(['what came meanwhile', 'what came later'])
})

test('GROUP-SHARD-3: after close nothing is written, not even by queued work', () => {
  const answers: ErrorCode[] = []
  const groupShard = shard()
  const record = { key: new Uint8Array(1), value: null }
  groupShard.whenIdle('g', () => {
    groupShard.whenIdle('g', () => groupShard.write('g', [record], (error) => answers.push(error)))
    groupShard.close()
  })
  expect(answers).toEqual([ErrorCode.NOT_COORDINATOR])
})

/** A shard whose turns the test runs; each slice ends at its first pause. */
function inTurns() {
  const due: (() => void)[] = []
  let nowMs = 0
  const clock = { monotonicMs: () => (nowMs += 10) }
  const set = (_delayMs: number, fire: () => void) => {
    due.push(fire)
    return { cancel: () => {} }
  }
  const core = { timers: { set } }
  const turns = new Turns({ clock, timers: { set } as unknown as Timers })
  const groupShard = new GroupShard({ host: { core, turns } as never, config: KAFKA_DEFAULTS, partition: 0 })
  const runNextTurn = (): void => {
    for (const fire of due.splice(0)) fire()
  }
  return { groupShard, runNextTurn }
}

function* twoSlices(): Steps<string> {
  yield
  return 'found'
}

test('GROUP-SHARD-5: a group handles requests while its job is running', () => {
  const order: string[] = []
  const { groupShard, runNextTurn } = inTurns()
  groupShard.runJob('job', 'g', twoSlices(), (result) => order.push(result))
  expect(groupShard.hasJob('job')).toBe(true)
  groupShard.whenIdle('g', () => order.push('a request'))
  runNextTurn()
  expect(order).toEqual(['a request', 'found'])
  expect(groupShard.hasJob('job')).toBe(false)
})

test('GROUP-SHARD-3, GROUP-SHARD-5: after close no job continues', () => {
  const order: string[] = []
  const { groupShard, runNextTurn } = inTurns()
  groupShard.runJob('job', 'g', twoSlices(), (result) => order.push(result))
  groupShard.close()
  runNextTurn()
  groupShard.runJob('another', 'g', twoSlices(), (result) => order.push(result))
  expect(order).toEqual([])
})
