import { expect, test } from 'vitest'
import { SeededRandom } from './seeded-random.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import { VirtualTime } from './virtual-time.ts'

/** A disk with a file of 5,000 bytes of `first`, flushed, followed by as many of `second`. */
function written(seed: number) {
  const time = new VirtualTime()
  const disk = new SimulatedDisk(
    new SeededRandom(seed),
    (delayMs, happen) => void time.after(delayMs, happen),
  )
  const file = disk.open('t-0/log')
  file.append([new Uint8Array(5000).fill(1)])
  let flushes = 0
  const flush = () => file.flush(() => flushes++)
  flush()
  time.run(100)
  file.append([new Uint8Array(5000).fill(2)])
  return { time, disk, flush, flushes: () => flushes }
}
const firstBytes = (disk: SimulatedDisk) => disk.readFile('t-0/log')!.subarray(0, 5000)

test('SIMULATED-DISK-1: bytes of a completed flush survive a crash', () => {
  for (let seed = 0; seed < 50; seed++) {
    const { disk, flushes } = written(seed)
    expect(flushes()).toBe(1)
    disk.crash()
    expect(firstBytes(disk)).toEqual(new Uint8Array(5000).fill(1))
  }
})

test('SIMULATED-DISK-2: a flush takes time, and one that is running at the crash covers nothing', () => {
  const whole: boolean[] = []
  for (let seed = 0; seed < 50; seed++) {
    const { time, disk, flush, flushes } = written(seed)
    flush()
    expect(flushes()).toBe(1)
    disk.crash()
    time.run(1000)
    expect(flushes()).toBe(1)
    const second = disk.readFile('t-0/log')!.subarray(5000)
    whole.push(second.length === 5000 && second.every((byte) => byte === 2))
  }
  expect(whole).toContain(false)
})
