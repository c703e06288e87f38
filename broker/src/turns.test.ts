import { describe, expect, it } from 'vitest'
import { VirtualTime } from './sim/virtual-time.ts'
import { newPlace, type Party, type Place } from './turn-queue.ts'
import { type Job, type Steps, Turns } from './turns.ts'

/** A clock that advances only in events, and, by `work`, within them. */
function world() {
  const time = new VirtualTime()
  let workedMs = 0
  const clock = { now: () => time.now(), monotonicMs: () => time.monotonicMs() + workedMs }
  const turns = new Turns({
    clock,
    timers: { set: (delayMs, fire) => time.after(delayMs, fire) },
  })
  const said: string[] = []
  /** A connection with this many frames, each of which takes this long. */
  function party(name: string, frames: number, frameMs: number): Party {
    let handled = 0
    return {
      account: turns.newAccount(),
      serve: () => {
        workedMs += frameMs
        said.push(`${name}${++handled}`)
        return handled < frames
      },
      work: () => ({ client: name }),
    }
  }
  function* job(name: string, steps: number): Steps<string> {
    for (let i = 1; i <= steps; i++) {
      workedMs += 1
      said.push(`${name}${i}`)
      yield
    }
    return name
  }
  return { time, turns, said, job, party, clock }
}

describe('turns', () => {
  it('a job that fits in a turn is done within the call', () => {
    const { turns, said, job } = world()
    turns.run(job('a', 1), (name) => said.push(`done ${name}`), fail)
    expect(said).toEqual(['a1', 'done a'])
  })

  it('TURNS-1: long jobs take turns', () => {
    const { time, turns, said, job } = world()
    turns.run(job('a', 5), (name) => said.push(`done ${name}`), fail)
    turns.run(job('b', 3), (name) => said.push(`done ${name}`), fail)
    time.run(100)
    expect(said).toEqual(['a1', 'a2', 'b1', 'b2', 'a3', 'a4', 'b3', 'done b', 'a5', 'done a'])
  })

  it('TURNS-5: a meter measures each slice, and nothing between them', () => {
    const { time, turns, job, clock } = world()
    let sinceMs: number | undefined
    const slices: number[] = []
    const meter = {
      resume: () => {
        sinceMs = clock.monotonicMs()
      },
      pause: () => {
        slices.push(clock.monotonicMs() - sinceMs!)
        sinceMs = undefined
      },
    }
    turns.run(job('measured', 5), () => {}, fail, { meter })
    turns.run(job('other', 5), () => {}, fail)
    time.run(100)
    expect(slices).toEqual([2, 2, 1])
    expect(sinceMs).toBeUndefined()
  })

  it('TURNS-2: a job that cancels itself gets no callback', () => {
    const { time, turns, said, job } = world()
    function* endingItself(): Steps<string> {
      try {
        yield* job('a', 3)
        started.cancel()
        return yield* job('b', 9)
      } finally {
        said.push('cleaned up')
      }
    }
    const started = turns.run(endingItself(), fail, fail)
    time.run(100)
    expect(said).toEqual(['a1', 'a2', 'a3', 'b1', 'cleaned up'])
  })

  it('TURNS-3: a client that has sent much is served one frame at a time, with others in between', () => {
    const { time, turns, said, party } = world()
    turns.enter(party('a', 4, 0.35))
    turns.enter(party('b', 2, 0.35))
    turns.enter(party('c', 1, 0.35))
    expect(said).toEqual(['a1'])
    time.step()
    expect(said.toSorted()).toEqual(['a1', 'a2', 'b1', 'c1'])
    time.run(1)
    expect(said.slice(4).toSorted()).toEqual(['a3', 'a4', 'b2'])
  })

  it('TURNS-3: cheap frames get a few rounds before sockets are read again', () => {
    const { time, turns, said, party } = world()
    turns.queue(party('a', 1000, 0.05))
    time.step()
    expect(said).toHaveLength(6)
    turns.queue(party('b', 1000, 0))
    time.step()
    expect(said.filter((each) => each.startsWith('b')).length).toBeLessThan(8)
  })

  it('TURNS-3: cheap frames of a single client get a few rounds at once, and the rest waits', () => {
    const { time, turns, said, party } = world()
    turns.enter(party('a', 20, 0.01))
    expect(said).toHaveLength(8)
    time.step()
    expect(said).toHaveLength(16)
  })

  it('TURNS-3: a turn ends when its time is up, even if some were not served', () => {
    const { time, turns, said, party } = world()
    for (const name of ['a', 'b', 'c', 'd']) turns.queue(party(name, 1, 1))
    time.step()
    expect(said).toEqual(['a1', 'b1'])
    time.step()
    expect(said).toEqual(['a1', 'b1', 'c1', 'd1'])
  })

  it('TURNS-4: a quiet client is next, beside fifty that are always busy with expensive work', () => {
    const { time, turns, said, party } = world()
    const quiet = party('quiet', 10, 1)
    turns.enter({ ...quiet, serve: () => quiet.serve() && false })
    for (let i = 0; i < 50; i++) turns.queue(party(`busy ${i}: `, 1000, 40))
    for (let i = 0; i < 120; i++) time.step()
    said.length = 0
    turns.queue(quiet)
    time.step()
    time.step()
    expect(said.slice(0, 2)).toContain('quiet2')
  })

  it('TURNS-4: an existing client comes before fifty that have just connected', () => {
    const { time, turns, said, party } = world()
    const quiet = party('quiet', 10, 1)
    turns.enter({ ...quiet, serve: () => quiet.serve() && false })
    time.run(1000)
    for (let i = 0; i < 50; i++) turns.queue(party(`new ${i}: `, 1000, 40))
    turns.queue(quiet)
    time.step()
    time.step()
    expect(said.slice(1, 3)).toContain('quiet2')
  })

  it('TURNS-4: a new client does not wait behind two hundred new ones with much to do', () => {
    const { time, turns, said, party } = world()
    for (let i = 0; i < 200; i++) {
      const busy = party(`busy ${i}: `, 1000, 40)
      busy.account.hasRead(262_144)
      turns.queue(busy)
    }
    for (let i = 0; i < 10; i++) time.step()
    const quiet = party('quiet', 1, 1)
    quiet.account.hasRead(30)
    turns.queue(quiet)
    time.step()
    time.step()
    expect(said.slice(10, 12)).toContain('quiet1')
  })

  it('TURNS-4: a client that used much time waits until others have had some, too', () => {
    const { time, turns, said, party } = world()
    for (const name of ['big', 'small', 'other']) turns.queue(party(name, 1000, name === 'big' ? 10 : 2))
    for (let i = 0; i < 300; i++) time.step()
    const turnsOf = (name: string): number => said.filter((each) => each.startsWith(name)).length
    expect(turnsOf('small')).toBeGreaterThan(1.3 * turnsOf('big'))
    expect(turnsOf('other')).toBeGreaterThan(1.3 * turnsOf('big'))
  })

  it('TURNS-6: a party that was charged much waits for at most two slices of each of the others', () => {
    const { time, turns, said, party } = world()
    const unlucky = party('unlucky', 10, 0)
    unlucky.account.usedMs += 60_000
    for (let i = 0; i < 50; i++) turns.queue(party(`busy ${i}: `, 1000, 2))
    turns.queue(unlucky)
    while (!said.includes('unlucky1')) time.step()
    expect(said.length).toBeLessThanOrEqual(101)
  })

  it('TURNS-7: eight large requests are in work at a time; cheap ones overtake the others', () => {
    const { time, turns, said, job, party } = world()
    for (let i = 0; i < 20; i++) {
      const asking = party(`asks ${i} `, 1, 0)
      turns.queue({
        ...asking,
        serve: () => {
          turns.run(job(`${i}:`, 60), (name) => said.push(`done ${name}`), fail)
          return false
        },
      })
    }
    for (let i = 0; i < 120; i++) time.step()
    const begun = (upTo: number): number => said.filter((each) => each.endsWith(`:${upTo}`)).length
    // A slice is two steps here.
    expect(begun(7)).toBe(20)
    expect(begun(9)).toBe(8)
    turns.queue({
      ...party('cut', 1, 0),
      serve: () => {
        turns.run(job('cut:', 3), () => said.push('done cut'), fail)
        return false
      },
    })
    for (let i = 0; i < 24; i++) time.step()
    // It was interrupted once, and did not wait for one of the eight to end.
    expect(said).toContain('done cut')
    expect(said.filter((each) => /^done \d/.test(each))).toEqual([])
    turns.queue(party('cheap', 1, 0))
    for (let i = 0; i < 2; i++) time.step()
    expect(said).toContain('cheap1')
    time.run(1000)
    expect(said.filter((each) => each.startsWith('done'))).toHaveLength(21)
  })

  it('TURNS-7: a request that is known to be large does not begin without a place, and keeps it for all its jobs', () => {
    const { time, turns, said, job, party } = world()
    for (let i = 0; i < 20; i++) {
      const place = newPlace(true)
      const encode = (): void => {
        turns.run(
          job(`encode ${i}:`, 20),
          () => {
            said.push(`done ${i}`)
            turns.leave(place)
          },
          fail,
          { owner: { isLarge: true, place } },
        )
      }
      turns.queue({
        ...party(`asks ${i} `, 1, 0),
        serve: () => {
          turns.run(job(`list ${i}:`, 20), encode, fail, { owner: { isLarge: true, place } })
          return false
        },
      })
    }
    const count = (pattern: RegExp): number => said.filter((each) => pattern.test(each)).length
    let inWork = 0
    for (let i = 0; i < 2000; i++) {
      time.step()
      inWork = Math.max(inWork, count(/^list \d+:1$/) - count(/^done/))
    }
    expect(inWork).toBe(8)
    expect(count(/^done/)).toBe(20)
  })

  it('TURNS-7: jobs that share a place go on together, and a cancelled one leaves no gap', () => {
    const { time, turns, said, job, party } = world()
    const jobs: Job[] = []
    const places = Array.from({ length: 10 }, () => newPlace(true))
    const run = (name: string, place: Place): void =>
      turns.queue({
        ...party(name, 1, 0),
        serve: () => {
          const owner = { isLarge: true, place }
          jobs.push(turns.run(job(name, 10), () => said.push(`done ${name}`), fail, { owner }))
          return false
        },
      })
    for (const [i, place] of places.entries()) run(`${i}:`, place)
    run('9 again:', places[9]!)
    for (let i = 0; i < 20; i++) time.step()
    expect(said.filter((each) => /^[89]/.test(each))).toEqual([])
    jobs[8]!.cancel()
    for (let i = 0; i < 200; i++) time.step()
    expect(said.filter((each) => each.startsWith('done'))).toHaveLength(8)
    turns.leave(places[0]!)
    time.run(100)
    expect(said).toContain('done 9:')
    expect(said).toContain('done 9 again:')
    expect(said.filter((each) => each.startsWith('8'))).toEqual([])
  })

  it('TURNS-8: a job that waits is not served, and has no place; it goes on when the wait is over', () => {
    const { time, turns, said, job, party } = world()
    const goOns: (() => void)[] = []
    function* waiting(name: string): Steps<string> {
      yield* job(`${name}:`, 20)
      yield { whenOver: (goOn) => goOns.push(goOn) }
      said.push(`${name} goes on`)
      return name
    }
    const run = (steps: Steps<string>): void =>
      turns.queue({
        ...party('asks', 1, 0),
        serve: () => {
          turns.run(steps, (name) => said.push(`done ${name}`), fail)
          return false
        },
      })
    // As many as there are places, and more that need one.
    for (let i = 0; i < 8; i++) run(waiting(`waits ${i}`))
    time.run(1000)
    expect(goOns).toHaveLength(8)
    run(job('large:', 40))
    time.run(1000)
    expect(said).toContain('done large:')
    expect(said.filter((each) => each.endsWith('goes on'))).toEqual([])
    for (const goOn of goOns) goOn()
    time.run(1000)
    expect(said.filter((each) => each.startsWith('done waits'))).toHaveLength(8)
  })

  it('TURNS-8: a job that is cancelled while it waits is not served any more', () => {
    const { time, turns, said } = world()
    let goOn = (): void => {}
    function* waiting(): Steps<string> {
      try {
        yield {
          whenOver: (then) => {
            goOn = then
          },
        }
        said.push('goes on')
      } finally {
        said.push('closed')
      }
      return ''
    }
    const job = turns.run(waiting(), fail, fail)
    job.cancel()
    goOn()
    time.run(100)
    expect(said).toEqual(['closed'])
  })

  it('TURNS-5: a job is charged to the connection that started it', () => {
    const { time, turns, said, job, party } = world()
    const asking = party('asks', 2, 0)
    const before = asking.account.usedMs
    turns.queue({
      ...asking,
      serve: () => {
        if (!said.includes('asks1')) turns.run(job('slow', 6), () => said.push('done'), fail)
        return asking.serve()
      },
    })
    time.run(100)
    expect(said).toContain('done')
    expect(asking.account.usedMs - before).toBe(6)
  })

  it('many cheap frames in a row, each served at its arrival, end when a turn is over', () => {
    const { time, turns, said, party } = world()
    for (let i = 0; i < 20; i++) turns.enter(party('x', 1, 1))
    expect(said).toHaveLength(2)
    time.run(1)
    expect(said).toHaveLength(20)
  })

  it('after close no party is served, and jobs are cancelled', () => {
    const { time, turns, said, job, party } = world()
    function* cleaningUp(): Steps<string> {
      try {
        return yield* job('a', 5)
      } finally {
        said.push('cleaned up')
      }
    }
    turns.run(cleaningUp(), fail, fail)
    turns.queue(party('b', 1, 0))
    turns.close()
    turns.enter(party('c', 1, 0))
    time.run(100)
    expect(said).toEqual(['a1', 'a2', 'cleaned up'])
  })

  it('TURNS-2: a cancelled job cleans up and gets no callback', () => {
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

  it('TURNS-2: the error of a job goes to `failed`, also in a later turn', () => {
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
