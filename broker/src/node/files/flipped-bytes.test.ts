/** One bit of a data folder is flipped: the broker serves what it can, and names the damaged file. The long tests flip more. */
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkOutcome, filesOf, filledFolder, startDamaged } from '../../../test/damaged-folder.ts'
import { RawClient } from '../../../test/raw-client.ts'
import { partitionFor } from '../../coordinators/partition-for.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from '../../messages/init-producer-id.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from '../../messages/offset-fetch.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { startBroker } from '../index.ts'

const LOG = '00000000000000000000.log'
let filled: string

beforeAll(async () => {
  filled = await filledFolder()
}, 60_000)
afterAll(() => rmSync(filled, { recursive: true }))

test('a flipped bit in the middle of any file: the broker works without it, or names the file in one log line', async () => {
  // One partition of each coordinator's topic represents all of them.
  const files = filesOf(filled).filter((file) => !/^__(consumer|transaction).*-1\//.test(file))
  expect(files.length).toBeGreaterThan(25)
  for (const file of files) {
    const flip = { file, at: Math.floor(statSync(join(filled, file)).size / 2), bit: 2 }
    checkOutcome(flip, await startDamaged(filled, flip))
  }
}, 60_000)

describe('a coordinator that cannot read its partition', () => {
  let folder: string
  let told: string[]

  /** Flips a bit in the second batch of the partition that `id` belongs to, and starts a broker on the folder. */
  async function startWith(topic: string, id: string) {
    folder = mkdtempSync(join(tmpdir(), 'offset-zero-flipped-'))
    cpSync(filled, folder, { recursive: true })
    const file = join(folder, `${topic}-${partitionFor(id, 2)}`, LOG)
    const bytes = readFileSync(file)
    const second = 12 + bytes.readInt32BE(8)
    const offset = Number(bytes.readBigInt64BE(second))
    bytes[second + 70]! ^= 4
    writeFileSync(file, bytes)
    told = []
    const log = (level: string, message: string): void => {
      if (level === 'error') told.push(message)
    }
    const broker = await startBroker({ dataDir: folder, log })
    return { broker, client: await RawClient.to(broker.bootstrap), offset, second }
  }

  const other = (id: string, ids: readonly string[]): string =>
    ids.find((each) => partitionFor(each, 2) !== partitionFor(id, 2))!

  test('BROKER-3, GROUP-COORDINATOR-1: refuses its groups with NOT_COORDINATOR, and logs the position; groups of the other partition are served', async () => {
    const [bad, good] = ['g1', other('g1', ['g2'])]
    const { broker, client, offset, second } = await startWith('__consumer_offsets', bad)
    const groups = [bad, good].map((groupId) => ({ groupId, topics: null }))
    const answer = await client.call(OffsetFetchRequest, OffsetFetchResponse, 8, { groups })
    client.end()
    await broker.stop()
    rmSync(folder, { recursive: true })
    expect(answer!.groups.map(({ errorCode }) => errorCode)).toEqual([ErrorCode.NOT_COORDINATOR, 0])
    expect(answer!.groups[1]!.topics).toMatchObject([
      { name: 'orders', partitions: [{ committedOffset: 3 }] },
    ])
    const file = `__consumer_offsets-${partitionFor(bad, 2)}/${LOG}`
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(`${file} is damaged at byte ${second}, offset ${offset}: its checksum`)
  })

  test('BROKER-3: refuses its transactional ids with NOT_COORDINATOR; ids of the other partition are served', async () => {
    const [bad, good] = ['t1', other('t1', ['t2'])]
    const { broker, client, offset, second } = await startWith('__transaction_state', bad)
    const init = async (transactionalId: string) => {
      const request = { transactionalId, transactionTimeoutMs: 1000 }
      return (await client.call(InitProducerIdRequest, InitProducerIdResponse, 4, request))!.errorCode
    }
    expect(await init(bad)).toBe(ErrorCode.NOT_COORDINATOR)
    expect(await init(good)).toBe(ErrorCode.NONE)
    client.end()
    await broker.stop()
    rmSync(folder, { recursive: true })
    const file = `__transaction_state-${partitionFor(bad, 2)}/${LOG}`
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(`${file} is damaged at byte ${second}, offset ${offset}: its checksum`)
  })
})
