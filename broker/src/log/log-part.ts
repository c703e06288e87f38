/**
 * The interface of a replaceable partition log: `startBroker({ parts: { log } })`.
 *
 * For the broker a log is simple: batches are appended at the end and get offsets, and batches are read from an offset
 * on. Kafka has the same boundary between `UnifiedLog` and the code below it that stores bytes. What the broker adds on
 * its own side (leader epoch, CRC, sequence numbers, delayed fetches) never reaches the part. So a learner's first log,
 * thirty lines over an array, can serve kafkajs. The lab is 03.
 *
 *   offset   0       3   4       7            count: 3, 1, 3
 *            | batch | b | batch |            startOffset 0, endOffset 7
 *            read(5, …) -> the batch that holds 5, which begins at 4
 *
 *   a batch: bytes 0..7 base offset, int64 big-endian, stamped by the log; the rest is opaque.
 *   (The CRC of a v2 batch covers bytes from 21 on, so stamping leaves it valid.)
 *
 * - startOffset <= endOffset; endOffset grows by `count` with each append, and in no other way
 * - `append` returns the batch's base offset: the endOffset from before the call
 * - input bytes are copied: the caller may reuse its buffer, and finds it unchanged
 * - returned bytes belong to the caller: writing into them does not change the log
 * - an offset is exact up to 2^53 - 1; nothing is stored per record, because a count may be 2^31 - 1
 */

/** What the broker asks of a partition's log. A batch is opaque bytes; offsets count records. */
export interface LogPart {
  /** The offset of the oldest record that can be read. */
  readonly startOffset: number
  /** The offset that the next record will get: one past the newest. */
  readonly endOffset: number
  /**
   * Appends one batch of `count` records (1 or more; the batch has at least 8 bytes) and stamps its base
   * offset into the log's copy. Returns the base offset. Throws RangeError, and changes nothing, when
   * `count` is not a positive integer or the batch is shorter than 8 bytes.
   */
  append(batch: Uint8Array, count: number): number
  /**
   * Whole batches, oldest first, from the one that holds `offset`: as many as fit into `maxBytes` together,
   * but at least one, however big (KIP-74: or a consumer could never get past it). An empty list at
   * `endOffset`. Throws RangeError below `startOffset` and above `endOffset` (OFFSET_OUT_OF_RANGE).
   */
  read(offset: number, maxBytes: number): Uint8Array[]
}

/** Creates the log of one partition. The broker calls it once per partition, and never for internal topics. */
export type LogFactory = (topic: string, partition: number) => LogPart
