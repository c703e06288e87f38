/** The suite of lab 05: three functions that compute, and workers in live groups, side by side. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { assignChecks } from './assign-checks.ts'
import { groupChecks } from './group-checks.ts'
import { text } from './lab.ts'
import { pureChecks } from './pure-checks.ts'
import { slowChecks } from './slow-checks.ts'
import { stopChecks } from './stop-checks.ts'
import { type ConsumerGroups, Rooms } from './subject.ts'

const share = { object: { id: 'anything', partitions: { list: 'anything' } } } as const

export const suite = defineSuite<typeof text, ConsumerGroups, Rooms>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  gives: {
    assign: { list: share },
    cooperativeRound: { list: share },
    memberChanges: { list: 'number' },
    startWorker: { object: { stop: { function: 'anything' } } },
  },
  blames: { 'argument-changed': 'yours', 'answer-changed': 'yours' },
  open: async (surroundings) => new Rooms(surroundings, await KafkaBench.open(surroundings, { brokers: 1 })),
  close: (rooms) => rooms.close(),
  tests: { ...assignChecks, ...pureChecks, ...groupChecks, ...slowChecks, ...stopChecks },
})
