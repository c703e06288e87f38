/** Lab 10: what its suite does not try, and why. */
import type { Waived } from '../engine/waived.ts'

const ourDays = 'A time of our days, in milliseconds since 1970'
const policies = 'The page: one of three words'
const segments = 'The page: 1 to 100 segments; each is looked at once'
const ends =
  'A log of the dice has records, so its end lies above 1; powers of two are among the base offsets'
const share = 'A share, from 0 to 1'
const nearTheTop =
  'A log that begins there has no room for records; 2^53 - 90,000 and 2^53 - 40,000 are tried'
const sizes = 'The page: up to 20 partitions and 2,000 records'
const rows = 'Rows are put into the table one by one'
const keys = 'The page: a key has 1,000 bytes at most'
const noName =
  'The page: a topic that exists, or one that Kafka refuses. kafkajs itself refuses an empty name'
const tooLong = 'kafkajs cannot send it: a name has a 16-bit length'

export const waived: Waived = {
  offsets: [
    'expiredSegments.0.segments[].baseOffset',
    'nextPass.0.segments[].baseOffset',
    'compact.0[].offset',
  ],
  probes: {
    'expiredSegments.0.config.cleanupPolicy: *': policies,
    'nextPass.0.config.cleanupPolicy: *': policies,
    'expiredSegments.0.config.minCleanableDirtyRatio: *': share,
    'nextPass.0.config.minCleanableDirtyRatio: 1,000 or more': share,
    'nextPass.0.config.minCleanableDirtyRatio: a power of two': share,
    'expiredSegments.0.endOffset: *': ends,
    'expiredSegments.0.highWatermark: *': ends,
    'expiredSegments.0.lastStableOffset: *': ends,
    'nextPass.0.endOffset: *': ends,
    'nextPass.0.highWatermark: *': ends,
    'expiredSegments.0.segments: 0 items': segments,
    'expiredSegments.0.segments: 10,000 items': segments,
    'nextPass.0.segments: 0 items': segments,
    'nextPass.0.segments: 1 item': segments,
    'nextPass.0.segments: 10,000 items': segments,
    'nextPass.0.segments[].bytes: 0': segments,
    'expiredSegments.0.segments[].firstTimestamp: *': ourDays,
    'expiredSegments.0.segments[].maxTimestamp: *': ourDays,
    'nextPass.0.segments[].firstTimestamp: *': ourDays,
    'nextPass.0.segments[].maxTimestamp: *': ourDays,
    'expiredSegments.1: *': ourDays,
    'nextPass.1: *': ourDays,
    'compact.0[].goesAt: *': ourDays,
    'compact.1.now: *': ourDays,
    'loadTable.1: empty': noName,
    'loadTable.1: 100,000 characters': tooLong,
    'loadTable.2.takenAt: *': ourDays,
    'loadTable.2.fromStart: *': rows,
    'loadTable.2.fromStart[]: *': rows,
    'compact.0[].offset: 2^53 - 2': nearTheTop,
    'expiredSegments.0.segments[].baseOffset: 2^53 - 2': nearTheTop,
    'nextPass.0.segments[].baseOffset: 2^53 - 2': nearTheTop,
    'loadTable.2.offsets: 10,000 items': sizes,
    'loadTable.2.rows: 10,000 items': sizes,
    'loadTable.2.offsets[].partition: 1,000 or more': sizes,
    'loadTable.2.rows[].partition: 1,000 or more': sizes,
    'loadTable.2.rows[].key: 100,000 characters': keys,
    'loadTable.2.rows[].value: 100,000 characters': rows,
  },
  constants: {
    'loadTable.2.fromStart[]': 'Of a table that serves as a snapshot; the page: a snapshot needs none',
  },
}
