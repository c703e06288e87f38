import { describe, expect, test } from 'vitest'
import { RecordedRpcs } from '../../test/recorded-rpcs.ts'
import type { Core } from '../core.ts'
import { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from '../messages/allocate-producer-ids.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { ErrorCode } from '../wire/errors.ts'
import { ControllerChannel } from './controller-channel.ts'

const RPC = { request: AllocateProducerIdsRequest, response: AllocateProducerIdsResponse }

class Stage {
  readonly time = new VirtualTime()
  readonly rpcs = new RecordedRpcs()
  readonly story: string[] = []
  controller: number | undefined = 1
  timersLeft = 0
  readonly channel: ControllerChannel

  constructor() {
    const set = (delayMs: number, fire: () => void) => {
      let isOver = false
      const end = (): void => {
        if (!isOver) this.timersLeft--
        isOver = true
      }
      this.timersLeft++
      const timer = this.time.after(delayMs, () => {
        end()
        fire()
      })
      const cancel = (): void => {
        end()
        timer.cancel()
      }
      return { cancel }
    }
    this.channel = new ControllerChannel({
      core: { timers: { set } } as unknown as Core,
      controller: () => this.controller,
      rpcs: this.rpcs,
      retryTimeoutMs: 10_000,
    })
  }

  /** Sends a request; the broker id in it identifies it. */
  ask(brokerId: number, then: () => void = () => {}): void {
    this.channel.send(
      RPC,
      () => ({ brokerId }),
      (result) => {
        this.story.push(`${brokerId} ${result.ok ? result.response.errorCode : result.failure}`)
        then()
      },
    )
  }

  /** Requests without an answer: node and broker. */
  get open(): [number, number][] {
    return this.rpcs.open.map(({ nodeId, body }) => [nodeId, (body as { brokerId: number }).brokerId])
  }

  answer(errorCode: ErrorCode = ErrorCode.NONE): void {
    this.rpcs.open[0]!.answer({ errorCode })
  }

  told(): string[] {
    return this.story.splice(0)
  }
}

test('CONTROLLER-CHANNEL-1: one request at a time, in order', () => {
  const stage = new Stage()
  for (const id of [1, 2, 3]) stage.ask(id)
  expect(stage.open).toEqual([[1, 1]])
  stage.answer()
  expect(stage.open).toEqual([[1, 2]])
  stage.answer(ErrorCode.STALE_BROKER_EPOCH)
  stage.answer()
  expect([stage.told(), stage.timersLeft]).toEqual([['1 0', '2 77', '3 0'], 0])
})

test('waits until there is a controller', () => {
  const stage = new Stage()
  stage.controller = undefined
  stage.ask(1)
  stage.time.run(5000)
  expect(stage.rpcs.sent).toEqual([])
  stage.controller = 3
  stage.time.run(100)
  expect(stage.open).toEqual([[3, 1]])
})

describe('CONTROLLER-CHANNEL-4, CONTROLLER-CHANNEL-3: a controller that does not answer', () => {
  const endings: Record<string, (stage: Stage) => void> = {
    NOT_CONTROLLER: (stage) => stage.answer(ErrorCode.NOT_CONTROLLER),
    'not connected': (stage) => stage.rpcs.open[0]!.fail('not connected'),
    disconnected: (stage) => stage.rpcs.open[0]!.fail('disconnected'),
    'timed out': (stage) => stage.rpcs.open[0]!.fail('timed out'),
  }
  for (const [what, end] of Object.entries(endings)) {
    test(`${what}: the new one is asked at once, before later requests`, () => {
      const stage = new Stage()
      stage.ask(1)
      stage.ask(2)
      stage.controller = 2
      end(stage)
      expect([stage.open, stage.told()]).toEqual([[[2, 1]], []])
      stage.answer()
      stage.answer()
      expect(stage.told()).toEqual(['1 0', '2 0'])
    })

    test(`${what}: the same one is asked again after a pause`, () => {
      const stage = new Stage()
      stage.ask(1)
      end(stage)
      stage.ask(2)
      expect(stage.open).toEqual([])
      stage.time.run(99)
      expect(stage.open).toEqual([])
      stage.time.run(1)
      expect(stage.open).toEqual([[1, 1]])
    })
  }
})

describe('CONTROLLER-CHANNEL-2: a request ends', () => {
  test('if the controller does not know the API', () => {
    const stage = new Stage()
    stage.ask(1)
    stage.ask(2)
    stage.rpcs.open[0]!.fail('unsupported version')
    expect(stage.told()).toEqual(['1 unsupported version'])
    expect(stage.open).toEqual([[1, 2]])
  })

  test('when it is too old: one that waits at once, one in flight when it fails', () => {
    const stage = new Stage()
    stage.ask(1)
    stage.ask(2)
    stage.time.run(10_000)
    expect(stage.told()).toEqual(['2 timed out'])
    stage.rpcs.open[0]!.fail('disconnected')
    stage.time.run(1000)
    expect([stage.told(), stage.open, stage.timersLeft]).toEqual([['1 timed out'], [], 0])
  })

  test('one in flight that is too old may still be answered', () => {
    const stage = new Stage()
    stage.ask(1)
    stage.time.run(20_000)
    stage.answer()
    expect(stage.told()).toEqual(['1 0'])
  })
})

describe('CONTROLLER-CHANNEL-5: after close', () => {
  const states: Record<string, (stage: Stage) => void> = {
    'in flight': (stage) => stage.ask(1),
    'with one that waits': (stage) => {
      stage.ask(1)
      stage.ask(2)
    },
    'without a controller': (stage) => {
      stage.controller = undefined
      stage.ask(1)
    },
    'in the pause': (stage) => {
      stage.ask(1)
      stage.answer(ErrorCode.NOT_CONTROLLER)
    },
  }
  for (const [when, bring] of Object.entries(states))
    test(`${when}: no timer, no request, no callback`, () => {
      const stage = new Stage()
      bring(stage)
      stage.channel.close()
      const { length } = stage.rpcs.sent
      stage.ask(9)
      stage.time.run(60_000)
      expect([stage.timersLeft, stage.told(), stage.rpcs.isClosed]).toEqual([0, [], true])
      expect(stage.rpcs.sent.length).toBe(length)
    })

  test('within a callback: the next request is not sent', () => {
    const stage = new Stage()
    stage.ask(1, () => stage.channel.close())
    stage.ask(2)
    stage.answer()
    expect([stage.told(), stage.open, stage.timersLeft]).toEqual([['1 0'], [], 0])
  })
})
