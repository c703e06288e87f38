/**
 * A broker in a separate process with one large request, and an idle client beside it.
 */
import { ApiVersionsRequest, ApiVersionsResponse } from '../../../src/messages/api-versions.ts'
import { RawClient } from '../../raw-client.ts'
import { withPatience } from '../patience.ts'
import { watchRss } from '../pressure/rss.ts'

export interface Endured {
  /** The longest time that the idle client waited for a response, in ms. */
  readonly worstMs: number
  /** The maximum growth of the broker's resident memory, in bytes. */
  readonly grownBytes: number
  /** Size of the response; undefined if the broker closed the connection. */
  readonly answerBytes: number | undefined
  readonly tookMs: number
}

/** Sends `frame` to the broker `pid` at `bootstrap`, and sends small requests beside it until it is answered. */
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
