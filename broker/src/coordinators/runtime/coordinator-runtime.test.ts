import { describe, expect, test } from 'vitest'
import {
  RuntimeStage,
  type TextShard,
  TEXT_TOPIC as TOPIC,
  textRecord,
} from '../../../test/coordinator-fixtures.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode, errorName } from '../../wire/errors.ts'

describe('a load', () => {
  test('is in the background: requests get COORDINATOR_LOAD_IN_PROGRESS until it is over', () => {
    const stage = new RuntimeStage()
    stage.write(0, 'a', 'b', 'c')
    stage.readMs = 10
    stage.read()
    stage.runtime.load(0, 5)
    stage.read()
    stage.time.run(25)
    stage.read()
    expect(stage.runtime.isLoading).toBe(true)
    stage.time.run(10)
    stage.read()
    expect(stage.runtime.isLoading).toBe(false)
    expect(stage.news()).toEqual([
      '0 read: NOT_COORDINATOR',
      '0 read: COORDINATOR_LOAD_IN_PROGRESS',
      '25 read: COORDINATOR_LOAD_IN_PROGRESS',
      '30 loaded 0 in epoch 5: a b c',
      '35 read: a b c',
    ])
  })

  test('COORDINATOR-RUNTIME-5: partitions are loaded one after the other', () => {
    const stage = new RuntimeStage(3)
    for (const partition of [0, 1, 2]) stage.write(partition, 'a', 'b')
    stage.readMs = 10
    for (const partition of [2, 0, 1]) stage.runtime.load(partition, 5)
    stage.runtime.unload(0, 6)
    stage.time.run(100)
    expect(stage.loads).toEqual(['begin 2', 'end 2', 'begin 1', 'end 1'])
    expect(stage.news()).toEqual(['20 loaded 2 in epoch 5: a b', '40 loaded 1 in epoch 5: a b'])
  })

  test('COORDINATOR-RUNTIME-3: that fails is reported once and refused; the others are served, and a newer epoch tries again', () => {
    const stage = new RuntimeStage(2)
    stage.write(0, 'a', 'unreadable')
    stage.write(1, 'b')
    stage.runtime.load(0, 5)
    stage.runtime.load(1, 5)
    stage.read(0)
    stage.read(1)
    stage.runtime.load(0, 6)
    expect(stage.told).toEqual([
      'the coordinator of topic-0 failed to load and refuses its groups: damaged at byte 7. stop the broker and restore ' +
        'topic-0 from a backup, or move its folder away: its groups are lost then',
    ])
    expect(stage.news()).toEqual(['0 loaded 1 in epoch 5: b', '0 read: NOT_COORDINATOR', '0 read: b'])
    stage.log(TOPIC, 0).entries.pop()
    stage.runtime.load(0, 7)
    expect(stage.news()).toEqual(['0 loaded 0 in epoch 7: a'])
  })
})

describe('a leadership that moves', () => {
  test('COORDINATOR-RUNTIME-1: late events change nothing; a newer epoch of the same leader needs no load', () => {
    const stage = new RuntimeStage()
    stage.write(0, 'a')
    stage.runtime.load(0, 5)
    stage.runtime.load(0, 5)
    stage.runtime.load(0, 4)
    stage.runtime.unload(0, 5)
    stage.runtime.unload(0, 4)
    stage.runtime.load(0, 7)
    stage.runtime.unload(0, 6)
    stage.read()
    expect(stage.news()).toEqual(['0 loaded 0 in epoch 5: a', '0 read: a'])
    expect(stage.loads).toEqual(['begin 0', 'end 0'])
    stage.runtime.unload(0)
    stage.read()
    expect(stage.news()).toEqual(['0 unloaded 0', '0 read: NOT_COORDINATOR'])
  })

  test('COORDINATOR-RUNTIME-2: during a load: the load ends, and nothing of it is served (KAFKA-18137)', () => {
    const stage = new RuntimeStage()
    stage.write(0, 'old', 'gone')
    stage.readMs = 10
    stage.runtime.load(0, 5)
    stage.time.run(15)
    stage.runtime.unload(0, 6)
    stage.read()
    stage.time.run(100)
    stage.read()
    expect(stage.news()).toEqual(['15 read: NOT_COORDINATOR', '115 read: NOT_COORDINATOR'])
    expect(stage.loads).toEqual(['begin 0'])
    expect(stage.timersLeft).toBe(0)
  })

  test('COORDINATOR-RUNTIME-2: twice during a load: the second election reads the log of its own time', () => {
    const stage = new RuntimeStage()
    stage.write(0, 'old', 'cut')
    stage.readMs = 10
    stage.runtime.load(0, 5)
    stage.time.run(15)
    stage.runtime.unload(0, 6)
    stage.log(TOPIC, 0).entries.length = 1
    stage.write(0, 'new')
    stage.runtime.load(0, 7)
    stage.read()
    stage.time.run(100)
    stage.read()
    expect(stage.news()).toEqual([
      '15 read: COORDINATOR_LOAD_IN_PROGRESS',
      '35 loaded 0 in epoch 7: old new',
      '115 read: old new',
    ])
    expect(stage.loads).toEqual(['begin 0', 'begin 0', 'end 0'])
  })

  test('COORDINATOR-CONTEXT-1, COORDINATOR-CONTEXT-4: during an append: the response is an error, and what was lost is not there after the next election', () => {
    const stage = new RuntimeStage()
    stage.commitMs = 50
    stage.runtime.load(0, 5)
    stage.add('kept')
    stage.time.run(50)
    stage.add('lost')
    stage.read()
    stage.time.run(20)
    stage.runtime.unload(0, 6)
    stage.truncate(TOPIC, 0)
    stage.add('too late')
    stage.runtime.load(0, 7)
    stage.time.run(100)
    stage.read()
    expect(stage.news()).toEqual([
      '0 loaded 0 in epoch 5: ',
      '50 kept: NONE',
      '70 unloaded 0',
      '70 lost: NOT_COORDINATOR',
      '70 read: NOT_COORDINATOR',
      '70 too late: NOT_COORDINATOR',
      '70 loaded 0 in epoch 7: kept',
      '170 read: kept',
    ])
    expect(stage.timersLeft).toBe(0)
  })
})

describe('appends', () => {
  test('COORDINATOR-CONTEXT-2, COORDINATOR-CONTEXT-3: do not wait for each other, and are answered in order when they are committed', () => {
    const stage = new RuntimeStage()
    stage.commitMs = 50
    stage.runtime.load(0, 5)
    stage.news()
    for (const text of ['a', 'b']) stage.add(text)
    stage.time.run(10)
    stage.read()
    stage.add('c')
    stage.read()
    stage.time.run(100)
    expect(stage.news()).toEqual(['50 a: NONE', '50 b: NONE', '50 read: a b', '60 c: NONE', '60 read: a b c'])
  })

  test('COORDINATOR-CONTEXT-1: that fail change nothing, and are answered at once', () => {
    const stage = new RuntimeStage()
    stage.commitMs = 50
    stage.runtime.load(0, 5)
    stage.news()
    stage.add('a')
    stage.failNext = ErrorCode.NOT_COORDINATOR
    stage.add('b')
    stage.add('c')
    stage.time.run(100)
    stage.read()
    expect(stage.news()).toEqual(['0 b: NOT_COORDINATOR', '50 a: NONE', '50 c: NONE', '100 read: a c'])
  })

  test('COORDINATOR-CONTEXT-4: one whose failure ends the shard is answered once', () => {
    const stage = new RuntimeStage()
    stage.runtime.load(0, 5)
    stage.news()
    stage.failNext = ErrorCode.NOT_COORDINATOR
    stage.onFailure = () => stage.runtime.unload(0)
    stage.add('a')
    expect(stage.news()).toEqual(['0 unloaded 0', '0 a: NOT_COORDINATOR'])
  })

  test('COORDINATOR-CONTEXT-7: a response waits for its timeout; the records may be committed later', () => {
    const stage = new RuntimeStage()
    stage.runtime.load(0, 5)
    stage.commitMs = 6000
    stage.news()
    stage.add('a')
    stage.time.run(1000)
    stage.add('b')
    stage.time.run(10_000)
    stage.read()
    expect(stage.news()).toEqual([
      '5000 a: COORDINATOR_NOT_AVAILABLE',
      '6000 b: COORDINATOR_NOT_AVAILABLE',
      '11000 read: a b',
    ])
    expect(stage.timersLeft).toBe(0)
  })

  test('COORDINATOR-CONTEXT-2: after a load a read waits until the records that were read are committed', () => {
    const stage = new RuntimeStage()
    stage.write(0, 'a')
    stage.commitMs = 50
    stage.host.append(TOPIC, 0, [textRecord('b')], undefined)
    stage.runtime.load(0, 5)
    stage.read()
    stage.time.run(100)
    expect(stage.news()).toEqual(['0 loaded 0 in epoch 5: a b', '50 read: a b'])
  })

  test('COORDINATOR-RUNTIME-4: records that cannot be applied let the partition load again', () => {
    const stage = new RuntimeStage()
    stage.commitMs = 50
    stage.runtime.load(0, 5)
    stage.add('a')
    stage.poison.add('b')
    stage.readMs = 10
    stage.add('b')
    stage.add('c')
    stage.time.run(100)
    stage.read()
    expect(stage.news()).toEqual([
      '0 loaded 0 in epoch 5: ',
      '0 unloaded 0',
      '0 a: NOT_COORDINATOR',
      '0 b: NOT_COORDINATOR',
      '0 c: COORDINATOR_LOAD_IN_PROGRESS',
      '20 loaded 0 in epoch 5: a b',
      '100 read: a b',
    ])
    expect(stage.told).toHaveLength(1)
    expect(stage.told[0]).toContain(
      'the coordinator of topic-0 differs from its log and is loaded anew: Error: cannot apply b',
    )
  })

  test('the state that is in no record changes before the response', () => {
    const stage = new RuntimeStage()
    stage.runtime.load(0, 5)
    stage.news()
    stage.add('a', { appended: () => stage.tell('appended a') })
    stage.failNext = ErrorCode.NOT_COORDINATOR
    stage.add('b', { appended: () => stage.tell('appended b') })
    expect(stage.news()).toEqual(['0 appended a', '0 a: NONE', '0 b: NOT_COORDINATOR'])
  })
})

describe('work on a shard', () => {
  /** A loaded shard, and a way to run work on it. */
  function loaded() {
    const stage = new RuntimeStage()
    stage.runtime.load(0, 5)
    stage.news()
    const shard = stage.runtime.find(0) as TextShard
    const run = (work: () => void): void =>
      stage.runtime.run(0, (error) => stage.tell(errorName(error)), work)
    return { stage, context: shard.context, run }
  }

  test('COORDINATOR-CONTEXT-5: is not nested', () => {
    const { stage, run } = loaded()
    run(() => {
      run(() => stage.tell('second'))
      stage.add('a')
      stage.tell('first')
    })
    expect(stage.news()).toEqual(['0 first', '0 second', '0 a: NONE'])
  })

  test('COORDINATOR-CONTEXT-5: responses that become due during other work are sent after it', () => {
    const { stage, run } = loaded()
    stage.commitMs = 50
    stage.add('a')
    run(() => {
      stage.time.run(50)
      stage.tell('work is done')
    })
    expect(stage.news()).toEqual(['50 work is done', '50 a: NONE'])
  })

  test('goes on after an error', () => {
    const { stage, run } = loaded()
    const wrong = (): void => {
      run(() => stage.tell('what came meanwhile'))
      throw new Error('wrong')
    }
    expect(() => run(wrong)).toThrow('wrong')
    run(() => stage.tell('what came later'))
    expect(stage.news()).toEqual(['0 what came meanwhile', '0 what came later'])
  })

  test('that was queued is refused when the shard is gone', () => {
    const { stage, run } = loaded()
    run(() => {
      run(() => stage.tell('served'))
      stage.runtime.unload(0, 6)
    })
    expect(stage.news()).toEqual(['0 unloaded 0', '0 NOT_COORDINATOR'])
  })

  test('COORDINATOR-CONTEXT-4: after a resignation no timer fires, and none can be set', () => {
    const { stage, context } = loaded()
    context.setTimer('a', 100, () => stage.tell('fired'))
    expect(context.hasTimer('a')).toBe(true)
    stage.runtime.unload(0, 6)
    context.setTimer('b', 100, () => stage.tell('fired'))
    stage.time.run(1000)
    expect(stage.news()).toEqual(['0 unloaded 0'])
    expect(stage.timersLeft).toBe(0)
  })

  function* slowly(stage: RuntimeStage): Steps<string> {
    yield { whenOver: (goOn) => void stage.time.after(30, goOn) }
    return 'found'
  }

  test('COORDINATOR-CONTEXT-6: requests are served while a job is running', () => {
    const { stage, context, run } = loaded()
    context.runJob('job', slowly(stage), (result) => stage.tell(result))
    expect(context.hasJob('job')).toBe(true)
    run(() => stage.tell('a request'))
    stage.time.run(100)
    expect(stage.news()).toEqual(['0 a request', '30 found'])
    expect(context.hasJob('job')).toBe(false)
  })

  test('COORDINATOR-CONTEXT-4, COORDINATOR-CONTEXT-6: after a resignation no job goes on', () => {
    const { stage, context } = loaded()
    context.runJob('job', slowly(stage), (result) => stage.tell(result))
    stage.runtime.close()
    context.runJob('another', slowly(stage), (result) => stage.tell(result))
    stage.runtime.load(0, 9)
    stage.time.run(100)
    expect(stage.news()).toEqual(['0 unloaded 0'])
  })
})
