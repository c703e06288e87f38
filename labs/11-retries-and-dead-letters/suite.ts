/** The suite of lab 11: a plan, and one consumer with its retry topics on a live broker. The tests run side by side. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { copyChecks } from './copies.ts'
import { endsChecks } from './ends.ts'
import { flowChecks } from './flow.ts'
import { text } from './lab.ts'
import { orderChecks } from './order.ts'
import { planChecks } from './plan.ts'
import { safeChecks } from './safe.ts'
import type { Retries } from './subject.ts'
import { waitChecks } from './waits.ts'

export const suite = defineSuite<typeof text, Retries, KafkaBench>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  instances: 2,
  gives: {
    planRetries: { list: { object: { topic: 'anything', delayMs: 'anything' } } },
    consumeWithRetries: { object: { stop: { function: 'anything' } } },
  },
  blames: { 'argument-changed': 'together' },
  open: (surroundings) => KafkaBench.open(surroundings, { brokers: 1 }),
  close: (bench) => bench.close(),
  tests: {
    ...planChecks,
    ...flowChecks,
    ...copyChecks,
    ...waitChecks,
    ...safeChecks,
    ...orderChecks,
    ...endsChecks,
  },
})
