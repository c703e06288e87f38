/** Lab 05: when members come and go, as the coordinator sees it: the model that `memberChanges` is held against. */
import type { Dice } from '../engine/dice.ts'
import type { Picture } from '../engine/picture.ts'
import type { GroupEvent } from './subject.ts'

/** The life of a place: what its workers do, one after the other. */
type Life = readonly GroupEvent[]

/** The moments at which members are added and removed; `events` in any order. */
export function changesOf(events: readonly GroupEvent[], sessionMs: number): number[] {
  const places = new Map<string, GroupEvent[]>()
  const moments: number[] = []
  for (const event of events) {
    if (event.instanceId === null)
      moments.push(event.what === 'crashes' ? event.atMs + sessionMs : event.atMs)
    else places.set(event.instanceId, [...(places.get(event.instanceId) ?? []), event])
  }
  for (const life of places.values()) {
    for (const [i, { atMs, what }] of life.entries()) {
      const [before, after] = [life[i - 1], life[i + 1]]
      const isTakenOver = (from: GroupEvent | undefined, to: GroupEvent | undefined) =>
        from !== undefined && to !== undefined && to.atMs - from.atMs < sessionMs
      if (what === 'starts') moments.push(...(isTakenOver(before, life[i]) ? [] : [atMs]))
      else moments.push(...(isTakenOver(life[i], after) ? [] : [atMs + sessionMs]))
    }
  }
  return moments.sort((a, b) => a - b)
}

/** Whether all that happens, and all that follows from it, has a moment of its own. */
export function isClear(events: readonly GroupEvent[], sessionMs: number): boolean {
  const moments = events.flatMap(({ atMs, what }) => (what === 'starts' ? [atMs] : [atMs, atMs + sessionMs]))
  return new Set(moments).size === moments.length
}

/** Some workers, with and without instance ids, that come and go; in the order of time. */
export function someEvents(
  dice: Dice,
  sessionMs: number,
  isStatic: (place: number) => boolean,
): GroupEvent[] {
  for (;;) {
    const lives = Array.from({ length: dice.int(2, 4) }, (_, place): Life => {
      const instanceId = isStatic(place) ? dice.freshWord() : null
      let worker = dice.freshWord()
      let atMs = dice.int(0, 2 * sessionMs)
      return Array.from({ length: dice.int(1, 7) }, (_, i): GroupEvent => {
        const what: GroupEvent['what'] = i % 2 === 0 ? 'starts' : dice.pick(['stops', 'crashes'] as const)
        // A replacement on another machine, now and then.
        if (what === 'starts' && i > 0 && dice.fraction() < 0.3) worker = dice.freshWord()
        const event = { atMs, worker, instanceId, what }
        atMs += dice.int(1, 2 * sessionMs)
        return event
      })
    })
    const events = lives.flat().sort((a, b) => a.atMs - b.atMs)
    if (isClear(events, sessionMs)) return events
  }
}

/** The events, a row each. */
export function eventsPicture(events: readonly GroupEvent[]): Picture {
  return {
    kind: 'table',
    columns: [
      { en: 'atMs', ru: 'atMs' },
      { en: 'worker', ru: 'worker' },
      { en: 'instanceId', ru: 'instanceId' },
      { en: 'what', ru: 'what' },
    ],
    rows: events
      .slice(0, 14)
      .map(({ atMs, worker, instanceId, what }) => [String(atMs), worker, instanceId ?? 'null', what]),
    wrong: [],
  }
}
