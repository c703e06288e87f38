/** The small files of a log directory, byte for byte as Kafka 4.3 writes them. */
import { describe, expect, it } from 'vitest'
import { MemoryStorage } from '../../sim/memory-storage.ts'
import {
  deletedFolder,
  isDeletedFolder,
  isPartitionFile,
  offsetOfFile,
  partitionOfFolder,
  segmentFile,
  strayFolder,
} from '../files.ts'
import { LeaderEpochs } from '../leader-epochs.ts'
import { readCleanShutdown, removeCleanShutdown, writeCleanShutdown } from '../recovery/clean-shutdown.ts'
import { CheckpointName, readOffsets, writeOffsets } from './checkpoints.ts'
import { readMetaProperties, writeMetaProperties } from './meta-properties.ts'
import { readPartitionMetadata, writePartitionMetadata } from './partition-metadata.ts'

const text = (storage: MemoryStorage, path: string) => new TextDecoder().decode(storage.readFile(path))
const put = (storage: MemoryStorage, path: string, content: string) =>
  storage.writeFileAtomic(path, new TextEncoder().encode(content))

describe('a checkpoint', () => {
  it('consists of version, count, and one line per partition', () => {
    const storage = new MemoryStorage()
    writeOffsets(storage, CheckpointName.RECOVERY_POINT, [
      { topic: 'a-b', partition: 0, offset: 42 },
      { topic: 't', partition: 11, offset: 0 },
    ])
    expect(text(storage, 'recovery-point-offset-checkpoint')).toBe('0\n2\na-b 0 42\nt 11 0\n')
    expect(readOffsets(storage, CheckpointName.RECOVERY_POINT)).toEqual(
      new Map([
        ['a-b-0', 42],
        ['t-11', 0],
      ]),
    )
  })

  it('is empty when Kafka has created it and had no entries to write', () => {
    const storage = new MemoryStorage()
    for (const name of Object.values(CheckpointName)) {
      put(storage, name, '')
      expect(readOffsets(storage, name)).toEqual(new Map())
    }
    put(storage, 't-0/leader-epoch-checkpoint', '')
    expect(new LeaderEpochs(storage, 't-0')).toMatchObject({ isKnown: false, all: [] })
  })

  it('TEXT-FILE-1: is ignored completely if it is damaged', () => {
    const storage = new MemoryStorage()
    put(storage, CheckpointName.LOG_START, '0\n2\nt 0 5\n')
    expect(readOffsets(storage, CheckpointName.LOG_START)).toBeUndefined()
    expect(readOffsets(storage, CheckpointName.CLEANER)).toEqual(new Map())
  })
})

describe('leader epochs', () => {
  function epochs(storage = new MemoryStorage()): LeaderEpochs {
    const cache = new LeaderEpochs(storage, 't-0')
    cache.assign(0, 0)
    cache.assign(3, 42)
    cache.assign(5, 60)
    return cache
  }

  it('LEADER-EPOCHS-2: KIP-101: return the end of an epoch: known, skipped, too old, too new', () => {
    const cache = epochs()
    cache.truncateFromStart(50)
    expect([5, 4, 3, 1, 6].map((epoch) => cache.endOffsetFor(epoch, 99))).toEqual([
      { epoch: 5, endOffset: 99 },
      { epoch: 3, endOffset: 60 },
      { epoch: 3, endOffset: 60 },
      { epoch: 1, endOffset: 50 },
      undefined,
    ])
  })

  it('LEADER-EPOCHS-1: an epoch without records is replaced by the next one', () => {
    const cache = epochs()
    cache.assign(9, 60)
    expect(cache.all.map(({ epoch }) => epoch)).toEqual([0, 3, 9])
  })

  it('are written to the file', () => {
    const storage = new MemoryStorage()
    epochs(storage).truncateFromEnd(60)
    expect(text(storage, 't-0/leader-epoch-checkpoint')).toBe('0\n2\n0 0\n3 42\n')
    expect(new LeaderEpochs(storage, 't-0').epochFor(41)).toBe(0)
    expect(new LeaderEpochs(storage, 't-0').epochFor(42)).toBe(3)
  })
})

describe('other files', () => {
  it('meta.properties names the node and cluster of a directory', () => {
    const storage = new MemoryStorage()
    expect(readMetaProperties(storage)).toBeUndefined()
    const meta = { nodeId: 1, clusterId: 'X1P25UbO4pCCcs2Qi2-rcg', directoryId: 'dLbxROfB-Kp08brOBDzXcg' }
    writeMetaProperties(storage, meta)
    expect(readMetaProperties(storage)).toEqual(meta)
    put(storage, 'meta.properties', '#\nversion=0\nnode.id=1\ncluster.id=x\n')
    expect(() => readMetaProperties(storage)).toThrow(/version 1/)
  })

  it.each([
    ['padded', 'EAAAAAAAQACAAAAAAAAAAQ==', 'EAAAAAAAQACAAAAAAAAAAQ'],
    ['padded and escaped, as Java writes it', 'EAAAAAAAQACAAAAAAAAAAQ\\=\\=', 'EAAAAAAAQACAAAAAAAAAAQ'],
    ['with bits after its last byte', 'EAAAAAAAQACAAAAAAAAAAR', 'EAAAAAAAQACAAAAAAAAAAQ'],
  ])('meta.properties accepts a directory id that is %s', (_, written, directoryId) => {
    const storage = new MemoryStorage()
    put(storage, 'meta.properties', `version=1\nnode.id=1\ncluster.id=a\\:b\ndirectory.id=${written}\n`)
    expect(readMetaProperties(storage)).toEqual({ nodeId: 1, clusterId: 'a:b', directoryId })
  })

  it.each(['', 'EAAAAAAAQACAAAAAAAAAAQ=', 'EAAAAAAAQACAAAAAAAAAA+==', 'x'])(
    'meta.properties with a directory id of %j is refused, as Kafka refuses it',
    (written) => {
      const storage = new MemoryStorage()
      put(storage, 'meta.properties', `version=1\nnode.id=1\ncluster.id=c\ndirectory.id=${written}\n`)
      expect(() => readMetaProperties(storage)).toThrow(/directory\.id/)
    },
  )

  it('the clean shutdown file holds the broker epoch', () => {
    const storage = new MemoryStorage()
    expect(readCleanShutdown(storage)).toBeUndefined()
    writeCleanShutdown(storage, 13)
    expect(text(storage, '.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":13}')
    expect(readCleanShutdown(storage)).toEqual({ brokerEpoch: 13 })
    removeCleanShutdown(storage)
    expect(readCleanShutdown(storage)).toBeUndefined()
  })

  it('partition.metadata names the topic of a partition', () => {
    const storage = new MemoryStorage()
    writePartitionMetadata(storage, 't-0', 'dLbxROfB-Kp08brOBDzXcg')
    expect(text(storage, 't-0/partition.metadata')).toBe('version: 0\ntopic_id: dLbxROfB-Kp08brOBDzXcg')
    expect(readPartitionMetadata(storage, 't-0')).toBe('dLbxROfB-Kp08brOBDzXcg')
    put(storage, 't-0/partition.metadata', 'version: 0\ntopic_id: EAAAAAAAQACAAAAAAAAAAQ==\n')
    expect(readPartitionMetadata(storage, 't-0')).toBe('EAAAAAAAQACAAAAAAAAAAQ')
  })

  it("have Kafka's names", () => {
    expect(segmentFile(42, 'timeindex')).toBe('00000000000000000042.timeindex')
    expect(offsetOfFile('00000000000000000042.index', 'index')).toBe(42)
    expect(offsetOfFile('00000000000000000042.timeindex', 'index')).toBeUndefined()
    expect(partitionOfFolder('a-b-7')).toEqual({ topic: 'a-b', partition: 7 })
    const names = [
      'partition.metadata',
      '00000000000000000042.log',
      'log.txt',
      '42.log',
      'leader-epoch-checkpoint',
    ]
    expect(names.map(isPartitionFile)).toEqual([true, true, false, false, false])
    expect(strayFolder('t-0', '0123456789abcdef0123456789abcdef')).toBe(
      't-0.0123456789abcdef0123456789abcdef-stray',
    )
    const gone = deletedFolder('t'.repeat(249), '0123456789abcdef0123456789abcdef')
    expect([gone.length, isDeletedFolder(gone), isDeletedFolder('t-0')]).toEqual([255, true, false])
  })
})
