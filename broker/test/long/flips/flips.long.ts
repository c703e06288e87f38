/** Bits flipped by the hundred, in every file of a data folder, after a clean stop and after a crash. */
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import { diceOf } from '../../../src/sim/seeded-random.ts'
import { checkOutcome, filesOf, filledFolder, startDamaged } from '../../damaged-folder.ts'

const seed = Number(process.env.FLIPS_SEED ?? Date.now() % 1_000_000)
const count = Number(process.env.FLIPS_COUNT ?? 20)

let folder: string
beforeAll(async () => {
  folder = await filledFolder()
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each([false, true])(`${count} bits of each file, seed ${seed}; after a crash: %s`, async (crashed) => {
  const draw = diceOf(seed)
  for (const file of filesOf(folder)) {
    const { size } = statSync(join(folder, file))
    for (let i = 0; i < count; i++) {
      const flip = { file, at: draw(size), bit: draw(8) }
      checkOutcome(flip, await startDamaged(folder, flip, crashed), crashed)
    }
  }
})
