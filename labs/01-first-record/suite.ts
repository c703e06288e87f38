/** The suite of lab 01: four functions on live brokers. The tests wait for the network, so they run side by side. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { allChecks } from './all.ts'
import { createChecks } from './create.ts'
import { describeChecks } from './describe.ts'
import { text } from './lab.ts'
import { readChecks } from './read.ts'
import { sendChecks } from './send.ts'
import { type FirstRecord, Rooms } from './subject.ts'

export const suite = defineSuite<typeof text, FirstRecord, Rooms>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  gives: {
    createTopic: 'boolean',
    sendRecord: { object: { partition: 'anything', offset: 'anything' } },
    describeTopic: { list: 'anything' },
    readAll: { list: 'anything' },
  },
  blames: { 'argument-changed': 'yours', 'answer-changed': 'yours' },
  open: async (surroundings) => new Rooms(surroundings, await KafkaBench.open(surroundings, { brokers: 1 })),
  close: (rooms) => rooms.close(),
  tests: { ...createChecks, ...sendChecks, ...describeChecks, ...readChecks, ...allChecks },
})
