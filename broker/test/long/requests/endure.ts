/**
 * A broker in a process of its own under one large request, and a quiet client beside it.
 */
import { ApiVersionsRequest, ApiVersionsResponse } from '../../../src/messages/api-versions.ts'
import { RawClient } from '../../raw-client.ts'
import { withPatience } from '../patience.ts'
import { watchRss } from '../pressure/rss.ts'

export interface Endured {
  /** The longest that the quiet client waited for an answer, in ms. */
  readonly worstMs: number
  /** What the broker's resident memory grew by at most, in bytes. */
  readonly grownBytes: number
  /** Bytes of the answer; undefined when the broker hung up instead. */
  readonly answerBytes: number | undefined
  readonly tookMs: number
}

/** Sends `frame` to the broker `pid` at `bootstrap`, and asks beside it, again and again, until it was answered. */
export async function endure(bootstrap: string, pid: number, frame: Uint8Array): Promise<Endured> {
  const before = watchRss(pid).stop()
  const attacker = await RawClient.to(bootstrap)
  const quiet = await RawClient.to(bootstrap)
  const watch = watchRss(pid, 20)
  const startMs = performance.now()
  let answer: Uint8Array | undefined
  let tookMs: number | undefined
  attacker.send(frame)
  const answered = attacker.frame().then((bytes) => {
    answer = bytes
    tookMs = performance.now() - startMs
  })
  let worstMs = 0
  const ask = async (): Promise<void> => {
    const askedMs = performance.now()
    await quiet.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
    worstMs = Math.max(worstMs, performance.now() - askedMs)
  }
  const quietly = async (): Promise<void> => {
    while (tookMs === undefined) await ask()
    await ask()
  }
  await withPatience(Promise.all([answered, quietly()]), () => 'an answer to the large request')
  const grownBytes = watch.stop() - before
  attacker.end()
  quiet.end()
  return { worstMs, grownBytes, answerBytes: answer?.length, tookMs: tookMs! }
}
