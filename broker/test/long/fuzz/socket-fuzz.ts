/**
 * Mutated frames over real sockets, which add what only the operating system does: pieces, resets, half-closed
 * connections.
 *
 * In each round about a dozen clients send a few frames each, ignore the responses, and disconnect, cleanly or not.
 *
 * FUZZ-5  every connection ends, whichever side closed it, and another client gets its response in the next round
 */

import { APIS } from '../../../src/api/catalog.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from '../../../src/messages/api-versions.ts'
import { SeededRandom } from '../../../src/sim/seeded-random.ts'
import { ZERO_UUID } from '../../../src/wire/uuid.ts'
import { RawClient } from '../../raw-client.ts'
import { withPatience } from '../patience.ts'
import { mutated, type SampleFrame, sampleFrames } from './frame-maker.ts'

const CLIENTS = 40
const SPICES = {
  topics: ['orders', 'payments'],
  groups: ['group'],
  transactionalIds: ['tx'],
  uuids: [ZERO_UUID],
}

export interface SocketFuzzOptions {
  readonly bootstrap: string
  readonly seed: number
  /** Each of `CLIENTS` connections with up to five frames. */
  readonly rounds: number
}

/** Returns the number of frames sent. Rejects if a connection does not end, or the other client gets no response. */
export async function socketFuzz({ bootstrap, seed, rounds }: SocketFuzzOptions): Promise<number> {
  const random = new SeededRandom(seed)
  const samples = sampleFrames(APIS.values(), SPICES, random.fork('samples'), 2)
  const bystander = await RawClient.to(bootstrap)
  let frames = 0
  for (let round = 0; round < rounds; round++) {
    const visits = Array.from({ length: CLIENTS }, async () => {
      const client = await RawClient.to(bootstrap)
      for (let left = 1 + random.int(5); left > 0; left--, frames++) await sendOne(client, samples, random)
      await leave(client, random)
    })
    await withPatience(Promise.all(visits), () => `round ${round} of seed ${seed}`)
    const answer = bystander.call(ApiVersionsRequest, ApiVersionsResponse, 0, {})
    const heard = await withPatience(answer, () => `the bystander after round ${round} of seed ${seed}`)
    if (heard?.errorCode !== 0)
      throw new Error(`the bystander was hung up on in round ${round} of seed ${seed}`)
  }
  bystander.end()
  return frames
}

async function sendOne(
  client: RawClient,
  samples: readonly SampleFrame[],
  random: SeededRandom,
): Promise<void> {
  const { bytes } = mutated(samples[random.int(samples.length)]!, random)
  const cut = random.chance(30) ? random.int(bytes.length) : bytes.length
  client.send(bytes.subarray(0, cut))
  if (cut === bytes.length) return
  await new Promise(setImmediate)
  client.send(bytes.subarray(cut))
}

async function leave(client: RawClient, random: SeededRandom): Promise<void> {
  const how = random.int(3)
  if (how === 0) client.socket.resetAndDestroy()
  else if (how === 1) client.socket.destroy()
  else client.socket.end()
  await client.closed
}
