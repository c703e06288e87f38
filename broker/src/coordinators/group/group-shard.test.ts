import { expect, test } from 'vitest'
import type { Timers } from '../../core.ts'
import { type Steps, Turns } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { KAFKA_DEFAULTS } from './group-config.ts'
import { GroupShard } from './group-shard.ts'

const host = { core: { timers: { set: () => ({ cancel: () => {} }) } } }
const shard = () => new GroupShard({ host: host as never, config: KAFKA_DEFAULTS, partition: 0 })

test('GROUP-SHARD-4: what an answer lets in waits until what gave the answer is done', () => {
  const told: string[] = []
  const one = shard()
  const whenIdle = (groupId: string, work: () => void): void => one.whenIdle(groupId, work)
  whenIdle('g', () => {
    told.push('the first begins')
    whenIdle('g', () => told.push('the second'))
    whenIdle('another', () => told.push('another group'))
    told.push('the first ends')
  })
  whenIdle('g', () => told.push('the third'))
  expect(told).toEqual(['the first begins', 'another group', 'the first ends', 'the second', 'the third'])
})

test('a group goes on after something went wrong', () => {
  const told: string[] = []
  const one = shard()
  const wrong = () => {
    one.whenIdle('g', () => told.push('what came meanwhile'))
    throw new Error('wrong')
  }
  expect(() => one.whenIdle('g', wrong)).toThrow('wrong')
  one.whenIdle('g', () => told.push('what came later'))
  expect(told).toEqual(['what came meanwhile', 'what came later'])
})

test('GROUP-SHARD-3: after a close nothing is written, not even what waited for its turn', () => {
  const answers: ErrorCode[] = []
  const one = shard()
  const record = { key: new Uint8Array(1), value: null }
  one.whenIdle('g', () => {
    one.whenIdle('g', () => one.write('g', [record], (error) => answers.push(error)))
    one.close()
  })
  expect(answers).toEqual([ErrorCode.NOT_COORDINATOR])
})

/** A shard whose turns go on when the test says so; each slice is over at its first pause. */
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
  const one = new GroupShard({ host: { core, turns } as never, config: KAFKA_DEFAULTS, partition: 0 })
  const goOn = (): void => {
    for (const fire of due.splice(0)) fire()
  }
  return { one, goOn }
}

function* twoSlices(): Steps<string> {
  yield
  return 'found'
}

test('GROUP-SHARD-5: a group is served while a job of it goes on', () => {
  const told: string[] = []
  const { one, goOn } = inTurns()
  one.runJob('job', 'g', twoSlices(), (result) => told.push(result))
  expect(one.hasJob('job')).toBe(true)
  one.whenIdle('g', () => told.push('a request'))
  goOn()
  expect(told).toEqual(['a request', 'found'])
  expect(one.hasJob('job')).toBe(false)
})

test('GROUP-SHARD-3, GROUP-SHARD-5: after a close no job goes on', () => {
  const told: string[] = []
  const { one, goOn } = inTurns()
  one.runJob('job', 'g', twoSlices(), (result) => told.push(result))
  one.close()
  goOn()
  one.runJob('another', 'g', twoSlices(), (result) => told.push(result))
  expect(told).toEqual([])
})
