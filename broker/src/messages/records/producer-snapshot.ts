/**
 * The .snapshot file beside a log's segments: what is known of each producer at an offset.
 *
 * A partition refuses duplicates by remembering the last batch of each producer id. After a restart it
 * reads the newest snapshot and the log from there on, instead of the whole log.
 *
 *   00000000000000000042.snapshot    int16 version 1 | crc uint32 | entries; the state before offset 42
 *
 * The checksum is CRC-32C over what follows it. (ProducerStateManager, KIP-98)
 */
import { array, data, int16, int32, int64, struct, type TypeOf, uint32 } from '../../wire/schema.ts'

export const ProducerSnapshot = data(
  'ProducerSnapshot',
  { versions: '1', flexible: 'none' },
  {
    crc: uint32(),
    producerEntries: array(
      struct({
        producerId: int64(),
        epoch: int16(),
        lastSequence: int32(),
        lastOffset: int64(),
        /** From the first to the last offset of the producer's last batch. */
        offsetDelta: int32(),
        timestamp: int64(),
        coordinatorEpoch: int32(),
        /** Where its open transaction begins, -1 when it has none. */
        currentTxnFirstOffset: int64(),
      }),
    ),
  },
)
export type ProducerSnapshot = TypeOf<typeof ProducerSnapshot>
