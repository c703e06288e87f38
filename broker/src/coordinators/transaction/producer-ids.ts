/**
 * Producer ids: numbers that are unique in a cluster.
 *
 * The controller allocates them in blocks of a thousand, with one record in the metadata log per block. So a broker rarely
 * has to ask, and no id is used twice, not even after a crash: the rest of the block is then lost (KIP-730).
 *
 * (ProducerIdManager)
 */
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'

export interface ProducerIdBlock {
  readonly firstProducerId: number
  readonly size: number
}

/** Requests a block from the controller. */
export type AllocateProducerIds = (done: (error: ErrorCode, block?: ProducerIdBlock) => void) => void

export class ProducerIds {
  private readonly allocate: AllocateProducerIds
  private next = 0
  private end = 0
  private waiting: ((error: ErrorCode, producerId: Int64) => void)[] = []

  constructor(allocate: AllocateProducerIds) {
    this.allocate = allocate
  }

  /** Calls `done` with the next id, at once unless a new block must be requested; -1 with an error. */
  take(done: (error: ErrorCode, producerId: Int64) => void): void {
    if (this.next < this.end) return done(ErrorCode.NONE, this.next++)
    this.waiting.push(done)
    if (this.waiting.length === 1) this.refill()
  }

  private refill(): void {
    this.allocate((error, block) => {
      const waiting = this.waiting
      this.waiting = []
      if (!block) {
        for (const done of waiting)
          done(error === ErrorCode.NONE ? ErrorCode.UNKNOWN_SERVER_ERROR : error, -1)
        return
      }
      this.next = block.firstProducerId
      this.end = block.firstProducerId + block.size
      for (const done of waiting) this.take(done)
    })
  }
}
