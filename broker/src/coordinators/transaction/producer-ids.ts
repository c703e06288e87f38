/**
 * Producer ids: numbers that no two producers of a cluster share.
 *
 * The controller hands them out in blocks of a thousand, one record of the metadata log a block, so that a broker
 * asks rarely and an id is never given twice, not even after a crash: what is left of a block is lost (KIP-730).
 */
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'

export interface ProducerIdBlock {
  readonly firstProducerId: number
  readonly size: number
}

/** Asks the controller for a block. */
export type AllocateProducerIds = (done: (error: ErrorCode, block?: ProducerIdBlock) => void) => void

export class ProducerIds {
  private readonly allocate: AllocateProducerIds
  private next = 0
  private end = 0
  private waiting: ((error: ErrorCode, producerId: Int64) => void)[] = []

  constructor(allocate: AllocateProducerIds) {
    this.allocate = allocate
  }

  /** Gives the next id to `done`, at once unless a new block must be asked for; -1 with an error. */
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
