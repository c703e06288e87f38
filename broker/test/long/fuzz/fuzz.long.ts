/**
 * Minutes of mutated frames. FUZZ_SEED and FUZZ_FRAMES set other values; a failure names the seed and the frame.
 */
import { expect, test } from 'vitest'
import { startBroker } from '../../../src/node/index.ts'
import { heldBytes, MEBIBYTE } from '../memory.ts'
import { fuzz } from './fuzz.ts'
import { socketFuzz } from './socket-fuzz.ts'

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const frames = Number(process.env.FUZZ_FRAMES ?? 4_000_000)

test(`millions of frames in process, seed ${seed}`, { timeout: 3_600_000 }, () => {
  let first = 0
  let most = 0
  const report = fuzz({
    seed,
    frames,
    framesPerLife: 20_000,
    afterLife: (done) => {
      if (done % 200_000 !== 0) return
      const now = heldBytes()
      first ||= now
      most = Math.max(most, now)
    },
  })
  console.log(
    `${report.frames} frames, ${report.answered} answers, ${report.closed} closed; ` +
      `slowest ${Math.round(report.slowestMs)} ms: ${report.slowest.slice(0, 200)}; ` +
      `held ${first >> 20} MiB at first, ${most >> 20} at most`,
  )
  expect(report.failures).toEqual([])
  expect(most - first).toBeLessThan(32 * MEBIBYTE)
})

test(`hundreds of thousands of frames over sockets, seed ${seed}`, { timeout: 3_600_000 }, async () => {
  const errors: string[] = []
  const log = (level: string, line: string): void => {
    if (level === 'error') errors.push(line)
  }
  const broker = await startBroker({ log, config: { 'socket.request.max.bytes': '1000000' } })
  await socketFuzz({ bootstrap: broker.bootstrap, seed, rounds: 100 })
  const before = heldBytes()
  const sent = await socketFuzz({ bootstrap: broker.bootstrap, seed: seed + 1, rounds: frames / 4000 })
  const grown = heldBytes() - before
  console.log(`${sent} frames over sockets; grown by ${Math.round(grown / 1024)} KiB`)
  expect(errors).toEqual([])
  expect(grown).toBeLessThan(64 * MEBIBYTE)
  await broker.stop()
})
