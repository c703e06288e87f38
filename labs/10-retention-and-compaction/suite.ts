/** The suite of lab 10: three functions that compute, and a table that is read from a live broker. */
import { defineSuite } from '../engine/lab.ts'
import { EnvironmentTrouble } from '../engine/trial.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import { fill, words } from '../engine/words.ts'
import { allChecks } from './all-checks.ts'
import { compactChecks } from './compact-checks.ts'
import { expiredChecks } from './expired-checks.ts'
import { text } from './lab.ts'
import { passChecks } from './pass-checks.ts'
import { snapshotChecks } from './snapshot-checks.ts'
import type { Cleanup, Room } from './subject.ts'
import { tableChecks } from './table-checks.ts'
import { compactedTopic } from './tables.ts'

const record = {
  object: { offset: 'number', key: 'anything', value: 'anything', goesAt: 'anything' },
} as const
const row = { object: { partition: 'number', offset: 'number', key: 'anything', value: 'anything' } } as const

export const suite = defineSuite<typeof text, Cleanup, Room>(text, {
  parallel: true,
  wants: 'promise',
  isClientNeeded: true,
  gives: {
    expiredSegments: { list: 'number' },
    nextPass: { object: { from: 'number', upTo: 'number', waitsFor: 'anything' } },
    compact: { list: record },
    loadTable: {
      object: {
        takenAt: 'number',
        offsets: { list: { object: { partition: 'number', offset: 'number' } } },
        rows: { list: row },
        fromStart: { list: 'number' },
      },
    },
  },
  blames: { 'argument-changed': 'yours' },
  open: async (surroundings) => {
    const bench = await KafkaBench.open(surroundings, { brokers: 1 })
    try {
      return { bench, compacted: await compactedTopic(bench) }
    } catch (error) {
      await bench.close()
      const message = error instanceof Error ? error.message : String(error)
      throw new EnvironmentTrouble(fill(words.brokerDidNotStart, { message }), error)
    }
  },
  close: ({ bench }) => bench.close(),
  tests: {
    ...expiredChecks,
    ...passChecks,
    ...compactChecks,
    ...tableChecks,
    ...snapshotChecks,
    ...allChecks,
  },
})
