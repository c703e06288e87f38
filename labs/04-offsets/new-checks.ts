/** The check of `resume` while records come: during the work, and between its look at the topic and its first fetch. */
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { Handled, type Known, placeOfKnown, recordsFor, write } from './records.ts'
import { begin, resumed } from './rooms.ts'
import type { Checks, Offsets } from './subject.ts'

type NewCase = 'missing' | 'lost' | 'twice' | 'again' | 'silent'

export const newChecks: Checks<'resume-new'> = {
  'resume-new': async (t, subject, kafka) => {
    await Promise.all([comeDuringWork(t, subject, kafka), comeBeforeFetch(t, subject, kafka)])
  },
}

/** Records come while the first one is processed. Each fetch brings one batch, so there are more fetches to come. */
async function comeDuringWork(t: Trial<NewCase>, subject: Offsets, kafka: KafkaBench): Promise<void> {
  const begun = [{ length: 4, committed: 1 }, { length: 4 }, { length: 4, committed: 2 }]
  const room = await begin(t, kafka, begun)
  const second = recordsFor(t.dice, [3, 3, 3], [4, 4, 4])
  await write(kafka, room.topic, second)
  const added = recordsFor(t.dice, [2, 2, 2], [7, 7, 7])
  const handled = new Handled(async (_record, nth) => {
    if (nth === 1) await write(kafka, room.topic, added)
  })
  const client = learnerClient(t, kafka, { isHeld: () => false }).kafka
  const due = [...room.due, ...second]
  const first = await resumed(t, subject, client, { ...room, due }, handled)
  const next = await resumed(t, subject, client, { ...room, due: added })
  checkBoth(t, { due, added, first: first.handled.places, next: next.handled.places })
}

/** Records come after the program has seen how far the topic goes, in each partition more than are due in all. */
async function comeBeforeFetch(t: Trial<NewCase>, subject: Offsets, kafka: KafkaBench): Promise<void> {
  const begun = [{ length: 4, committed: 2 }, { length: 1 }, { length: 3, committed: 1 }]
  const room = await begin(t, kafka, begun)
  const added = recordsFor(t.dice, [9, 9, 9], [4, 1, 3])
  const client = learnerClient(t, kafka)
  client.at('Fetch', {}, { before: () => write(kafka, room.topic, added).then(() => undefined) })
  const first = await resumed(t, subject, client.kafka, room)
  const next = await resumed(t, subject, client.kafka, { ...room, due: added })
  checkBoth(t, { due: room.due, added, first: first.handled.places, next: next.handled.places })
}

/** What was there is processed by the first call; what came meanwhile by it or by the next one; nothing twice. */
function checkBoth(
  t: Trial<NewCase>,
  came: {
    readonly due: readonly Known[]
    readonly added: readonly Known[]
    readonly first: readonly string[]
    readonly next: readonly string[]
  },
): void {
  const { due, added, first, next } = came
  const missing = due.filter((one) => !first.includes(placeOfKnown(one))).length
  t.check(missing === 0, 'missing', { got: due.length - missing, wanted: due.length })
  const places = [...first, ...next]
  const seen = new Set(places)
  const lost = added.filter((one) => !seen.has(placeOfKnown(one)))
  t.check(lost.length === 0, 'lost', { lost: lost.length, wanted: added.length })
  const twice = places.length - seen.size
  t.check(twice === 0, 'twice', { twice, got: places.length, wanted: due.length + added.length })
  const known = new Set([...due, ...added].map(placeOfKnown))
  const again = places.filter((place) => !known.has(place)).length
  t.check(again === 0, 'again', { again, got: places.length, wanted: known.size })
}
