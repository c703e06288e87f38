/**
 * Sequence numbers of batches that wait while the coordinator verifies their transaction (KIP-890, part 1).
 *
 * Of two batches in flight, the first may be refused because the coordinator could not be reached, and the second
 * accepted. For an unknown producer any sequence number is valid, so the second would be appended, and the retry of the
 * first would follow it. So the lowest sequence number is kept until a batch is appended:
 *
 *   batch 0, verification fails      lowest 0
 *   batch 3, verification succeeds   3 > 0: OUT_OF_ORDER_SEQUENCE_NUMBER
 *   batch 0, verification succeeds   appended; the entry is removed
 *
 * TENTATIVE-SEQUENCES-1  a batch of a later epoch replaces the entry
 * TENTATIVE-SEQUENCES-2  a marker that ends the transaction removes the entry, too; in transaction version 2 only a
 *     marker of another epoch does, because a marker of the same epoch may end the previous transaction
 *
 * (VerificationStateEntry, in memory only)
 */
import type { BatchHeader } from '../../record/batch.ts'
import { isControl } from '../../record/batch.ts'
import type { Int64 } from '../../wire/int64.ts'

/** The header of a batch that waits for verification. `bumpsEpoch`: its client uses transaction version 2. */
export interface TentativeBatch {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly bumpsEpoch: boolean
}

export class TentativeSequences {
  private readonly known = new Map<Int64, TentativeBatch>()

  /** The partition asks the coordinator to verify this batch. */
  note(batch: TentativeBatch): void {
    const { producerId, producerEpoch, baseSequence } = batch
    const known = this.known.get(producerId)
    if (!known) this.known.set(producerId, batch)
    else if (
      producerEpoch > known.producerEpoch ||
      (producerEpoch === known.producerEpoch && baseSequence < known.baseSequence)
    )
      this.known.set(producerId, { ...known, producerEpoch, baseSequence })
  }

  /** No batch of the producer may begin above this number; undefined if any may. */
  lowestOf(producerId: Int64): number | undefined {
    return this.known.get(producerId)?.baseSequence
  }

  /** A batch of a transaction was appended, records or a marker. */
  forget(header: BatchHeader): void {
    const known = this.known.get(header.producerId)
    const endsAnother = isControl(header) && known?.bumpsEpoch && header.producerEpoch === known.producerEpoch
    if (!endsAnother) this.known.delete(header.producerId)
  }
}
