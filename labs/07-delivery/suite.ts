/** The suite of lab 07: two consumers and two senders on a live broker. The tests wait for the network, so they run side by side. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { allChecks } from './all.ts'
import { bothChecks } from './both.ts'
import { crashChecks } from './crash.ts'
import { endsChecks } from './ends.ts'
import { failsChecks } from './fails.ts'
import { text } from './lab.ts'
import { sendChecks } from './send.ts'
import type { Delivery } from './subject.ts'

const running = { object: { stop: { function: 'anything' } } } as const

export const suite = defineSuite<typeof text, Delivery, KafkaBench>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  gives: {
    consumeAtMostOnce: running,
    consumeAtLeastOnce: running,
    sendAtMostOnce: 'anything',
    sendAtLeastOnce: 'anything',
  },
  blames: { 'argument-changed': 'send-all' },
  open: (surroundings) => KafkaBench.open(surroundings, { brokers: 1 }),
  close: (bench) => bench.close(),
  tests: { ...allChecks, ...crashChecks, ...failsChecks, ...bothChecks, ...sendChecks, ...endsChecks },
})
