/** The suite of lab 09: an idempotent send, transactions, and a processor, on a live broker. The tests wait for the network, so they run side by side. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { crashChecks } from './crash.ts'
import { endsChecks } from './ends.ts'
import { failsChecks } from './fails.ts'
import { text } from './lab.ts'
import { processChecks } from './process.ts'
import { sendChecks } from './send.ts'
import type { ExactlyOnce } from './subject.ts'
import { togetherChecks } from './together.ts'
import { zombieChecks } from './zombie.ts'

export const suite = defineSuite<typeof text, ExactlyOnce, KafkaBench>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  gives: {
    sendOnce: 'anything',
    writeTogether: 'anything',
    startProcessor: { object: { stop: { function: 'anything' } } },
  },
  open: (surroundings) => KafkaBench.open(surroundings, { brokers: 1 }),
  close: (bench) => bench.close(),
  tests: {
    ...sendChecks,
    ...togetherChecks,
    ...processChecks,
    ...crashChecks,
    ...failsChecks,
    ...zombieChecks,
    ...endsChecks,
  },
})
