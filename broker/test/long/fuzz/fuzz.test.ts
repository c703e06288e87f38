/** Some seconds of what `npm run test:long` does for minutes (fuzz.long.ts). */
import { expect, test } from 'vitest'
import { startBroker } from '../../../src/node/index.ts'
import { heldBytes, MEBIBYTE } from '../memory.ts'
import { fuzz } from './fuzz.ts'
import { socketFuzz } from './socket-fuzz.ts'

test('FUZZ-1, FUZZ-2, FUZZ-3, FUZZ-4, API-1, API-2: mutated frames of every API and version: a response or a closed connection, no error thrown, no memory leaked', () => {
  const seed = 20_260
  fuzz({ seed, frames: 5000 })
  const before = heldBytes()
  const report = fuzz({ seed: seed + 1, frames: 40_000 })
  expect(report.failures).toEqual([])
  expect(report.frames).toBe(40_000)
  expect(report.answered).toBeGreaterThan(5000)
  expect(report.closed).toBeGreaterThan(5000)
  // Only one kind of valid request closes the connection: acks=0 with an error, which can't be reported otherwise.
  expect([...report.closedOnGoodFrames.keys()].filter((name) => !name.startsWith('ProduceRequest'))).toEqual(
    [],
  )
  expect(heldBytes() - before).toBeLessThan(16 * MEBIBYTE)
}, 200_000)

test('FRAME-MAKER-1: the same seed sends the same frames and gets the same responses', () => {
  const counts = (): number[] => {
    const { answered, closed } = fuzz({ seed: 3, frames: 2000 })
    return [answered, closed]
  }
  expect(counts()).toEqual(counts())
}, 200_000)

test('FUZZ-5: over real sockets: every connection ends, bystanders are served, and no line speaks of a mistake', async () => {
  const errors: string[] = []
  const log = (level: string, line: string): void => {
    if (level === 'error') errors.push(line)
  }
  const broker = await startBroker({ log, config: { 'socket.request.max.bytes': '1000000' } })
  await socketFuzz({ bootstrap: broker.bootstrap, seed: 1, rounds: 3 })
  const before = heldBytes()
  await socketFuzz({ bootstrap: broker.bootstrap, seed: 2, rounds: 20 })
  expect(errors).toEqual([])
  expect(heldBytes() - before).toBeLessThan(32 * MEBIBYTE)
  await broker.stop()
}, 200_000)
