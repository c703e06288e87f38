/** The suite of lab 13: lines that are run on a live broker, and two outputs that are read. */
import { defineSuite } from '../engine/lab.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { givenCheck } from './given-check.ts'
import { text } from './lab.ts'
import { lookChecks } from './look-checks.ts'
import { rewindChecks } from './rewind-checks.ts'
import { stuckChecks } from './stuck-checks.ts'
import type { CommandLine } from './subject.ts'
import { topicChecks } from './topic-checks.ts'

export const suite = defineSuite<typeof text, CommandLine, KafkaBench>(text, {
  gives: {
    topicAsAgreed: { list: 'string' },
    look: 'string',
    rewind: { list: 'string' },
    stuck: { list: { object: { topic: 'anything', partition: 'anything', why: 'anything' } } },
  },
  onBench: [
    'topic-new',
    'topic-race',
    'topic-settles',
    'topic-lists',
    'topic-grows',
    'topic-keeps',
    'look-prints',
    'look-fewer',
    'look-traceless',
    'rewind-time',
    'rewind-end',
    'rewind-only',
  ],
  blames: { 'argument-changed': 'given' },
  open: (surroundings) => KafkaBench.open(surroundings, { brokers: 1 }),
  close: (bench) => bench.close(),
  tests: { ...topicChecks, ...lookChecks, ...rewindChecks, ...stuckChecks, ...givenCheck },
})
