import { describe, expect, test } from 'vitest'
import { newTopic, testController } from '../../test/controller-fixtures.ts'
import { batchPositions } from '../record/batch.ts'
import { oneStep, type Steps, Turns } from '../turns.ts'
import { DecisionQueue } from './decision-queue.ts'

/** A queue whose turns are fired by `turn`; every look at the clock takes a millisecond. */
function queue() {
  const due: (() => void)[] = []
  let nowMs = 0
  const turns = new Turns({
    clock: { monotonicMs: () => nowMs++ },
    timers: {
      set: (_ms, fire) => {
        due.push(fire)
        return { cancel: () => {} }
      },
    },
  })
  const errors: unknown[] = []
  const decisions = new DecisionQueue(turns, (error) => errors.push(error))
  return { decisions, turns, errors, turn: () => due.shift()?.(), due }
}

/** Notes its steps, and pauses after each. */
function* stepped(name: string, steps: number, notes: string[]): Steps<void> {
  for (let i = 1; i <= steps; i++) {
    notes.push(`${name}${i}`)
    yield
  }
}

describe('the queue', () => {
  test('DECISION-QUEUE-1: a decision that takes turns is not overtaken, and none begins before it has ended', () => {
    const { decisions, turn, due } = queue()
    const notes: string[] = []
    decisions.add(() => stepped('a', 30, notes))
    expect(notes.length).toBeLessThan(30)
    decisions.add(() => stepped('b', 3, notes))
    decisions.add(() => stepped('c', 1, notes))
    let turns = 0
    for (; due.length > 0; turns++) turn()
    const names = notes.map((note) => note[0]).join('')
    expect(names).toBe(`${'a'.repeat(30)}bbbc`)
    expect(turns).toBeGreaterThan(5)
  })

  test('a short decision is made within the call, and so is one that it adds', () => {
    const { decisions, due } = queue()
    const notes: string[] = []
    const note = (what: string) => () => oneStep(() => void notes.push(what))
    decisions.add(() =>
      oneStep(() => {
        notes.push('outer')
        decisions.add(note('inner'))
        notes.push('outer ends')
      }),
    )
    while (due.length > 0) due.shift()!()
    expect(notes).toEqual(['outer', 'outer ends', 'inner'])
  })

  test('ten thousand waiting decisions take many turns', () => {
    const { decisions, due } = queue()
    const notes: string[] = []
    decisions.add(() => stepped('a', 5, notes))
    let made = 0
    for (let i = 0; i < 10_000; i++) decisions.add(() => oneStep(() => void made++))
    for (let before = made; due.length > 0; before = made) {
      due.shift()!()
      expect(made - before).toBeLessThan(100)
    }
    expect(made).toBe(10_000)
  })

  test('an error of one is reported, and the next one is made', () => {
    const { decisions, errors } = queue()
    const notes: string[] = []
    decisions.add(() => {
      throw new Error('a bug')
    })
    decisions.add(() => stepped('b', 1, notes))
    expect(errors).toEqual([new Error('a bug')])
    expect(notes).toEqual(['b1'])
  })
})

describe('requests that wait in the queue', () => {
  const names = (count: number, prefix = 't') =>
    Array.from({ length: count }, (_, i) => newTopic(`${prefix}${i}`, { numPartitions: 1 }))

  test('DECISION-QUEUE-1: a topic of a large request that is being decided exists for the request behind it', () => {
    const { controller, answers, note, settle, due, storage } = testController({ msALook: 1 })
    controller.createTopics(names(300), {}, (all) => {
      answers.push(`${all.filter(({ errorCode }) => errorCode === 0).length} of the large one`)
    })
    controller.createTopic(newTopic('t299'), note('twice'))
    controller.createTopic(newTopic('other'), note('other'))
    expect(answers).toEqual([])
    const before = batches(storage)
    let turns = 0
    for (; due.length > 0; turns++) due.shift()!()
    expect(turns).toBeGreaterThan(100)
    expect(batches(storage) - before).toBe(2)
    settle()
    expect(answers).toEqual([
      "twice: TOPIC_ALREADY_EXISTS Topic 't299' already exists.",
      '300 of the large one',
      'other: NONE',
    ])
  })

  test('DECISION-QUEUE-2: a request whose deadline has passed while it waited changes nothing', () => {
    const { controller, answers, settle, core } = testController({ msALook: 1 })
    controller.createTopics(names(300), {}, () => {})
    const deadlineMs = core.clock.monotonicMs() + 50
    controller.createTopics(names(1, 'late'), { deadlineMs }, ([answer]) => {
      answers.push(String(answer!.errorCode))
    })
    const inTime = core.clock.monotonicMs() + 1_000_000
    controller.createTopics(names(1, 'in-time'), { deadlineMs: inTime }, ([answer]) => {
      answers.push(String(answer!.errorCode))
    })
    settle()
    expect(answers).toEqual(['7', '0'])
    expect(controller.image.topic('late0')).toBeUndefined()
    expect(controller.image.topics.size).toBe(301)
  })
})

/** The batches of the metadata log. */
function batches(storage: ReturnType<typeof testController>['storage']): number {
  const logs = storage.list('t-0').filter((name) => name.endsWith('.log'))
  return logs.reduce((sum, name) => sum + [...batchPositions(storage.readFile(`t-0/${name}`)!)].length, 0)
}
