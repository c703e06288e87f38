/**
 * What a producer was about to write while its partition asked whether that belongs to a transaction (KIP-890, part 1).
 *
 * Of two batches under way the first may be refused, because the coordinator could not be asked, and the second not. Of a
 * producer that the partition knows nothing of, any sequence number would do, so the second would be written and the
 * first, tried again, come after it. So the lowest number that was seen is kept, until something is written:
 *
 *   batch 0, asks: no       lowest 0
 *   batch 3, asks: yes      3 > 0: OUT_OF_ORDER_SEQUENCE_NUMBER
 *   batch 0, asks: yes      written; nothing is kept any more
 *
 * TENTATIVE-SEQUENCES-1  a batch of a later epoch begins anew
 * TENTATIVE-SEQUENCES-2  a marker that ends the transaction forgets, too; with the second protocol only one of another
 *     epoch, for that marker may end the transaction before
 *
 * (VerificationStateEntry, in memory only)
 */
import type { BatchHeader } from '../../record/batch.ts'
import { isControl } from '../../record/batch.ts'
import type { Int64 } from '../../wire/int64.ts'

/** The head of a batch that waits for the answer. `bumpsEpoch`: of a client that speaks the second protocol. */
export interface TentativeBatch {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly bumpsEpoch: boolean
}

export class TentativeSequences {
  private readonly known = new Map<Int64, TentativeBatch>()

  /** The partition asks about this batch. */
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

  /** No batch of the producer may begin after this number; undefined when any may. */
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
