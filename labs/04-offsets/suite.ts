/** The suite of lab 04: three functions on a live broker. The tests wait for the network, so they run side by side. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { allChecks } from './all-checks.ts'
import { failedChecks } from './failed-checks.ts'
import { text } from './lab.ts'
import { lagChecks } from './lag-checks.ts'
import { newChecks } from './new-checks.ts'
import { resetChecks } from './reset-checks.ts'
import { resumeChecks } from './resume-checks.ts'
import type { Offsets } from './subject.ts'

export const suite = defineSuite<typeof text, Offsets, KafkaBench>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  gives: {
    resume: 'number',
    lag: {
      list: { object: { partition: 'anything', committed: 'anything', end: 'anything', lag: 'anything' } },
    },
    resetToTime: { list: { object: { partition: 'anything', offset: 'anything' } } },
  },
  blames: { 'argument-changed': 'lag-again', 'answer-changed': 'lag-again' },
  open: (surroundings) => KafkaBench.open(surroundings, { brokers: 1 }),
  close: (kafka) => kafka.close(),
  tests: { ...resumeChecks, ...failedChecks, ...newChecks, ...lagChecks, ...resetChecks, ...allChecks },
})
