/** The suite of lab 12: a shop's database in the judge, and a live broker. The tests wait for the network, so they run side by side. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { apartChecks } from './apart.ts'
import { breaksChecks } from './breaks.ts'
import { crashChecks } from './crash.ts'
import { text } from './lab.ts'
import { orderChecks } from './orders.ts'
import { relayChecks } from './relay.ts'
import { rowsChecks } from './rows.ts'
import type { Outbox } from './subject.ts'

export const suite = defineSuite<typeof text, Outbox, KafkaBench>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  instances: 6,
  gives: {
    placeOrder: 'anything',
    cancelOrder: 'anything',
    relay: { object: { stop: { function: 'anything' } } },
  },
  blames: { 'argument-changed': 'placed' },
  open: (surroundings) => KafkaBench.open(surroundings, { brokers: 1 }),
  close: (bench) => bench.close(),
  tests: { ...orderChecks, ...relayChecks, ...rowsChecks, ...breaksChecks, ...crashChecks, ...apartChecks },
})
