import { expect, test } from 'vitest'
import { ErrorCode } from '../../wire/errors.ts'
import { KAFKA_DEFAULTS } from './group-config.ts'
import { GroupShard } from './group-shard.ts'

const host = { core: { timers: { set: () => ({ cancel: () => {} }) } } }
const shard = () => new GroupShard({ host: host as never, config: KAFKA_DEFAULTS, partition: 0 })

test('what an answer lets in waits until what gave the answer is done (S4)', () => {
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

test('S3: after a close nothing is written, not even what waited for its turn', () => {
  const answers: ErrorCode[] = []
  const one = shard()
  const record = { key: new Uint8Array(1), value: null }
  one.whenIdle('g', () => {
    one.whenIdle('g', () => one.write('g', [record], (error) => answers.push(error)))
    one.close()
  })
  expect(answers).toEqual([ErrorCode.NOT_COORDINATOR])
})
