/**
 * Lab 09: the crash. Four processors read the same source in one run of the program, and each comes to a moment of its own,
 * where it is held; when all four are there, the program dies, once. A second run goes on.
 *
 *   in `transform`     some of the batch is transformed, nothing is committed
 *   offsets are in     the transaction holds the offsets (TxnOffsetCommit is answered), and has not ended
 *   on the way         the commit has left the program (EndTxn); the broker never gets it
 *   unheard            the broker has committed; the program never hears of it
 */
import { instance } from '../engine/instance.ts'
import type { Text } from '../engine/text.ts'
import type { Exchange } from '../engine/wire/exchange.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { type Checks, type ExactlyOnce, stepMs } from './subject.ts'
import { factsOf, isSettled, lives, placeName, type Results, sourceOf, tally, Work } from './work.ts'

type CrashId = 'process-crash'

/** The last record has a result, so that it is seen when it comes again. */
const long = 27
/** What a program does without waiting, it has done by then, ms. */
const settleMs = 120

interface Moment {
  readonly name: Text
  readonly work: Work
  readonly client: LearnerClient
  readonly isThere: () => boolean
}

const isCommit = ({ isCommit: commits }: Exchange) => commits === true

const names = {
  inTransform: { en: 'while transform was at work on {place}', ru: 'когда transform работала над {place}' },
  offsetsIn: {
    en: 'when the offsets were in the transaction, and it had not ended',
    ru: 'когда смещения уже вошли в транзакцию, а она ещё не закончилась',
  },
  onTheWay: {
    en: 'while its commit was on the way to the broker',
    ru: 'когда запрос на подтверждение транзакции был в пути к брокеру',
  },
  idle: { en: 'when it waited for more records', ru: 'когда ждала новых записей' },
  unheard: {
    en: 'when the broker had committed, and the answer was on its way',
    ru: 'когда брокер транзакцию подтвердил, а ответ был в пути',
  },
} as const satisfies Record<string, Text>

export const crashChecks: Checks<CrashId> = {
  'process-crash': async (t, _subject, bench) => {
    const lengths = t.dice.shuffle([long, 5, 0])
    const held = { partition: lengths.indexOf(long), offset: t.dice.int(12, 13) }
    const given = await sourceOf(t, bench, lengths)
    const work = () => Work.of(t, bench, given)
    const first = await instance<ExactlyOnce>(t, bench, {
      name: { en: 'The first run', ru: 'Первый запуск' },
    })
    let isHeld = false
    const at = (
      name: Text,
      one: Work,
      api: string,
      what: 'hold-request' | 'hold-answer',
      where: (exchange: Exchange) => boolean = () => true,
    ): Moment => {
      const client = first.client()
      const point = client.at(api, { where }, what)
      return { name, work: one, client, isThere: () => point.isReached }
    }
    const place = placeName(held)
    const inTransform: Moment = {
      name: {
        en: names.inTransform.en.replace('{place}', place),
        ru: names.inTransform.ru.replace('{place}', place),
      },
      work: await work(),
      client: first.client(),
      isThere: () => isHeld,
    }
    const moments = [
      inTransform,
      at(names.offsetsIn, await work(), 'TxnOffsetCommit', 'hold-answer'),
      at(names.onTheWay, await work(), 'EndTxn', 'hold-request', isCommit),
      at(names.unheard, await work(), 'EndTxn', 'hold-answer', isCommit),
    ]
    await Promise.all(
      moments.map((moment) => {
        const settings = moment.work.settings(moment.client, async (one) => {
          if (moment !== inTransform || placeName(one) !== place) return
          isHeld = true
          await new Promise(() => {})
        })
        return first.subject.startProcessor(moment.client.kafka, settings)
      }),
    )
    const idle = moments.map((moment) => moment.work.idleness())
    const isReady = (moment: Moment, i: number) =>
      moment.isThere() || moment.work.isThrough || idle[i]?.() === true
    await t.until(() => moments.every(isReady), { ms: stepMs })
    const [onTheWay] = moments.slice(2)
    t.check(isHeld, 'never', { got: inTransform.work.calls.length, wanted: given.records.length })
    const asked = moments.reduce((sum, { client }) => sum + client.asked('EndTxn').length, 0)
    if (asked === 0) onTheWay?.client.isAsked()
    t.check(asked > 0, 'noTransaction', { wanted: given.records.length })
    await t.quiet(() => moments.reduce((sum, { work: one }) => sum + one.moves, 0), settleMs)
    t.inFlight(inTransform.work.open().length, 1)
    // A program that never comes to a moment crashes when it has done what it does.
    const nameOf = new Map(moments.map((one) => [one, one.isThere() ? one.name : names.idle]))
    await first.crash()

    const second = await instance<ExactlyOnce>(t, bench, {
      name: { en: 'The second run', ru: 'Второй запуск' },
    })
    const ended = await Promise.all(
      moments.map(async ({ work: one }) => {
        const client = second.client()
        await second.subject.startProcessor(client.kafka, one.settings(client))
        return one.readOn(t)
      }),
    )
    for (const [i, moment] of moments.entries()) {
      const { work: one, client } = moment
      const name = nameOf.get(moment) ?? names.idle
      const isOver = await isSettled(bench, one.target)
      const { missing, twice } = await tally(bench, one)
      if (!isOver || missing.length + twice.length > 0) client.isAsked()
      const around = ([first]: Results) => lives(one, first?.of ?? held)
      t.check(isOver, 'hangs', { moment: name, count: missing.length })
      t.check(twice.length === 0, 'twice', { moment: name, ...factsOf(twice) }, () => around(twice))
      const isStuck = missing.length > 0 && ended[i] === 'late'
      t.check(!isStuck, 'stuck', { moment: name, ...factsOf(missing) }, () => around(missing))
      t.check(missing.length === 0, 'lost', { moment: name, ...factsOf(missing) }, () => around(missing))
    }
  },
}
