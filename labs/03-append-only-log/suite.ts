/** The suite of lab 03: the log alone, call by call, and then under a broker that kafkajs talks to. */
import { defineSuite } from '../engine/lab.ts'
import {
  checkCopyIn,
  checkEmpty,
  checkHuge,
  checkOffsets,
  checkRefusals,
  checkStamps,
  checkTwice,
  checkTwoLogs,
} from './append-checks.ts'
import { checkAnyOrder } from './history-checks.ts'
import { text } from './lab.ts'
import type { LogMaker } from './model.ts'
import {
  checkAgain,
  checkBase,
  checkCopyOut,
  checkEnd,
  checkInside,
  checkLarge,
  checkLongRun,
  checkMany,
  checkMaxBytes,
  checkRange,
  checkTooBig,
} from './read-checks.ts'
import { LogBench, runOnBroker } from './wire.ts'

export const suite = defineSuite<typeof text, LogMaker, LogBench>(text, {
  gives: {
    createLog: {
      object: {
        startOffset: 'number',
        endOffset: 'number',
        append: { function: 'number' },
        read: { function: { list: 'bytes' } },
      },
    },
  },
  onBench: ['wire-kafkajs'],
  blames: { 'argument-changed': 'copy-in', 'answer-changed': 'copy-out' },
  open: (surroundings) => LogBench.open(surroundings),
  close: (bench) => bench.close(),
  tests: {
    'empty-log': checkEmpty,
    'append-offsets': checkOffsets,
    stamped: checkStamps,
    'huge-offsets': checkHuge,
    'bad-append': checkRefusals,
    'same-batch-twice': checkTwice,
    'copy-in': checkCopyIn,
    'copy-out': checkCopyOut,
    'read-base': checkBase,
    'read-inside': checkInside,
    'max-bytes': checkMaxBytes,
    'first-too-big': checkTooBig,
    'read-end': checkEnd,
    'out-of-range': checkRange,
    'read-again': checkAgain,
    'large-batches': checkLarge,
    'many-batches': checkMany,
    'two-logs': checkTwoLogs,
    'long-run': checkLongRun,
    'any-order': checkAnyOrder,
    'wire-kafkajs': (t, subject, bench) => runOnBroker(t, () => subject.createLog(0), bench),
  },
})
