import { describe, expect, it } from 'vitest'
import { VirtualTime } from './sim/virtual-time.ts'
import { type Steps, Turns } from './turns.ts'

/** Time that passes only in events, and, by `work`, within them. */
function world() {
  const time = new VirtualTime()
  let workedMs = 0
  const clock = { now: () => time.now(), monotonicMs: () => time.monotonicMs() + workedMs }
  const turns = new Turns({
    clock,
    timers: { set: (delayMs, fire) => time.after(delayMs, fire) },
  })
  const said: string[] = []
  function* job(name: string, steps: number): Steps<string> {
    for (let i = 1; i <= steps; i++) {
      workedMs += 4
      said.push(`${name}${i}`)
      yield
    }
    return name
  }
  return { time, turns, said, job }
}

describe('turns', () => {
  it('a job that fits in a turn is done within the call', () => {
    const { turns, said, job } = world()
    turns.run(job('a', 1), (name) => said.push(`done ${name}`), fail)
    expect(said).toEqual(['a1', 'done a'])
  })

  it('J1: jobs that take long take turns', () => {
    const { time, turns, said, job } = world()
    turns.run(job('a', 5), (name) => said.push(`done ${name}`), fail)
    turns.run(job('b', 3), (name) => said.push(`done ${name}`), fail)
    time.run(100)
    expect(said).toEqual(['a1', 'a2', 'b1', 'b2', 'a3', 'a4', 'b3', 'done b', 'a5', 'done a'])
  })

  it('J2: a job that was cancelled cleans up and calls nobody', () => {
    const { time, turns, said, job } = world()
    function* cleaningUp(): Steps<string> {
      try {
        return yield* job('a', 5)
      } finally {
        said.push('cleaned up')
      }
    }
    const started = turns.run(cleaningUp(), () => said.push('done'), fail)
    started.cancel()
    started.cancel()
    time.run(100)
    expect(said).toEqual(['a1', 'a2', 'cleaned up'])
  })

  it('J2: what a job throws is handed over, also in a later turn', () => {
    const { time, turns, said, job } = world()
    function* failing(): Steps<string> {
      yield* job('a', 3)
      throw new Error('no')
    }
    turns.run(failing(), fail, (error) => said.push(String(error)))
    time.run(100)
    expect(said).toEqual(['a1', 'a2', 'a3', 'Error: no'])
  })
})

function fail(): never {
  throw new Error('not expected')
}
