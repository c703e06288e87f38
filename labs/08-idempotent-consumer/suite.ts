/** The suite of lab 08: three memories that compute, and a consumer on a live broker, side by side. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { crashChecks } from './crash.ts'
import { endsChecks } from './ends-checks.ts'
import { text } from './lab.ts'
import { memoryChecks } from './memory-checks.ts'
import { onceChecks } from './once-checks.ts'
import type { Once } from './subject.ts'

const memory = { object: { isNew: { function: 'boolean' }, saved: { function: 'string' } } } as const

export const suite = defineSuite<typeof text, Once, KafkaBench>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  instances: 2,
  gives: {
    rememberOffsets: memory,
    rememberIds: memory,
    rememberSequences: memory,
    consumeOnce: { object: { stop: { function: 'anything' } } },
  },
  open: (surroundings) => KafkaBench.open(surroundings, { brokers: 1 }),
  close: (bench) => bench.close(),
  tests: { ...memoryChecks, ...onceChecks, ...crashChecks, ...endsChecks },
})
