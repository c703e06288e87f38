/** Lab 11: no record is lost: the program crashes while a copy is on its way, or the connection breaks then. */
import { type Instance, instance } from '../engine/instance.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { type LearnerClient, learnerClient } from '../engine/wire/learner-client.ts'
import type { Point } from '../engine/wire/point.ts'
import { Desk, type Fate, type Known } from './desk.ts'
import { placeName } from './history.ts'
import { type Checks, type Retries, runs } from './subject.ts'

/** What a program does without waiting, it has done by then, ms. */
const settleMs = 150

/** One group, and the request that is on its way when the program dies. */
interface Moment {
  readonly desk: Desk
  readonly client: LearnerClient
  readonly point: Point
  /** The record whose copy is on its way, and the topic that it goes to. */
  readonly record: Known
  readonly target: string
}

type SafeCase = 'never' | 'lost' | 'lostDead'

/** Four records, the second one with that fate; held is the first Produce into the topic that `targetOf` names. */
async function moment(
  t: Trial<SafeCase>,
  bench: KafkaBench,
  program: Instance<Retries>,
  fate: Fate,
  targetOf: (desk: Desk) => string,
): Promise<Moment> {
  const desk = await Desk.open(t, bench, { delays: [t.dice.int(100, 130)] })
  const [, record] = (await desk.send([{}, { ...fate, key: t.dice.freshWord() }, {}, {}])) as [Known, Known]
  const client = program.client()
  const target = targetOf(desk)
  const where = { where: ({ topics = [] }: { topics?: readonly string[] }) => topics.includes(target) }
  const point = client.at('Produce', where, 'hold-request')
  await program.subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
  return { desk, client, point, record, target }
}

async function crashes(t: Trial<SafeCase>, bench: KafkaBench): Promise<void> {
  const first = await instance<Retries>(t, bench, { name: runs.first })
  const moments = await Promise.all([
    moment(t, bench, first, { fails: 1 }, (desk) => desk.options.retries[0]?.topic ?? ''),
    moment(t, bench, first, { fails: 99 }, (desk) => desk.options.dead),
  ])
  const { stillMs } = moments[0].desk
  await t.until(() => moments.every(({ point }) => point.isReached), { ms: stillMs })
  for (const { desk, record, target, point } of moments)
    t.check(point.isReached, 'never', {
      place: placeName(record),
      topic: target,
      times: desk.calls(record).length,
    })
  const moves = () =>
    moments.reduce(
      (sum, { desk, client }) => sum + desk.history.moves + client.asked('OffsetCommit').length,
      0,
    )
  await t.quiet(moves, settleMs)
  t.inFlight(moments.filter(({ point }) => point.isReached).length, 2)
  await first.crash()
  for (const { desk } of moments) desk.history.crash()
  const committed = await Promise.all(
    moments.map(({ desk }) => bench.committed(desk.options.group, desk.options.topic)),
  )

  const second = await instance<Retries>(t, bench, { name: runs.second })
  await Promise.all(
    moments.map(async ({ desk, record, target }, i) => {
      const client = second.client()
      await second.subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
      const isDead = target === desk.options.dead
      const isCopied = () => desk.sentTo(client, target) > 0
      const isDone = () => desk.calls(record).some(({ ending }) => ending === 'done')
      await desk.goesOn(client, isDead ? isCopied : isDone)
      const offset = committed[i]?.[0]?.offset
      const facts = { place: placeName(record), topic: target, committed: offset ?? '—' }
      if (!isDone() && !isCopied()) client.isAsked()
      if (isDead) {
        await t.until(() => client.answered('Produce').length > 0, { ms: 500 })
        const isThere = (await desk.copies(target)).some(({ of }) => of === record)
        t.check(isThere, 'lostDead', facts, () => desk.picture([record]))
      } else t.check(isDone(), 'lost', facts, () => desk.picture([record]))
    }),
  )
}

/** The connection breaks twice: once before the broker has got the copy, once after. */
async function breaks(t: Trial<'broken' | 'untried'>, subject: Retries, bench: KafkaBench): Promise<void> {
  const desk = await Desk.open(t, bench, { delays: [t.dice.int(100, 130)] })
  const [record] = (await desk.send([{ key: t.dice.freshWord(), fails: 1 }, {}])) as [Known]
  const client = learnerClient(t, bench)
  const points = [
    client.at('Produce', { nth: 1 }, 'cut-before'),
    client.at('Produce', { nth: 2 }, t.dice.fraction() < 0.5 ? 'cut-before' : 'cut-after'),
  ]
  const running = await subject.consumeWithRetries(client.kafka, desk.options, desk.handle())
  const isDone = () => desk.calls(record).some(({ ending }) => ending === 'done')
  await desk.goesOn(client, isDone)
  const facts = { place: placeName(record), times: points.filter(({ isReached }) => isReached).length }
  if (!isDone()) client.isAsked()
  t.check(points[0]?.isReached === true, 'untried', facts)
  t.check(isDone(), 'broken', facts)
  await t.attemptLater(() => running.stop())
}

export const safeChecks: Checks<'safe'> = {
  safe: async (t, subject, bench) => {
    await Promise.all([crashes(t, bench), breaks(t, subject, bench)])
  },
}
