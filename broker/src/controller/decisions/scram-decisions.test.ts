import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { NODE_HASHES } from '../../node/password-hashes.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { recordsOf } from '../metadata/image-records.ts'
import { ImageBuilder } from '../metadata/metadata-image.ts'
import { replayRecord } from '../metadata/replay-record.ts'
import { decideScram, type ScramChanges } from './scram-decisions.ts'

const [SHA_256, SHA_512] = [1, 2]
const SALT = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
const set = (name: string, mechanism = SHA_256, more: object = {}) => ({
  ...{ name, mechanism, iterations: 4096, salt: SALT },
  saltedPassword: pbkdf2Sync('pencil', SALT, 4096, 32, 'sha256'),
  ...more,
})

function newImage(metadataVersion = 30): ImageBuilder {
  const image = new ImageBuilder('cluster', 1)
  image.setFeature('metadata.version', metadataVersion)
  return image
}

/** Decides, replays, and returns the error of each user. */
function alter(image: ImageBuilder, { deletions = [], upsertions = [] }: Partial<ScramChanges>) {
  const { records, results } = decideScram(image, { deletions, upsertions }, NODE_HASHES)
  for (const record of records) replayRecord(image, record as Parameters<typeof replayRecord>[1], 0)
  return Object.fromEntries(results.map(({ user, errorCode }) => [user, errorCode]))
}

describe('SCRAM passwords', () => {
  it('are kept as the keys of RFC 7677', () => {
    const image = newImage()
    expect(alter(image, { upsertions: [set('user')] })).toEqual({ user: ErrorCode.NONE })
    const { storedKey, serverKey, iterations } = image.scram.get('user')!.get(SHA_256)!
    expect(Buffer.from(storedKey).toString('base64')).toBe('WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=')
    expect(Buffer.from(serverKey).toString('base64')).toBe('wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=')
    expect(iterations).toBe(4096)
  })

  it('come back from a snapshot, and go when they are removed', () => {
    const image = newImage()
    alter(image, { upsertions: [set('a'), set('b', SHA_512)] })
    const again = newImage()
    for (const record of recordsOf(image))
      replayRecord(again, record as Parameters<typeof replayRecord>[1], 0)
    expect(again.scram).toEqual(image.scram)
    expect(alter(again, { deletions: [{ name: 'a', mechanism: SHA_256 }] })).toEqual({ a: ErrorCode.NONE })
    expect([...again.scram.keys()]).toEqual(['b'])
    expect(alter(again, { deletions: [{ name: 'b', mechanism: SHA_256 }] })).toEqual({
      b: ErrorCode.RESOURCE_NOT_FOUND,
    })
  })

  it('SCRAM-DECISIONS-1, SCRAM-DECISIONS-2: valid changes are made, and the others refused', () => {
    const image = newImage()
    const upsertions = [
      set('sound'),
      set('few', SHA_256, { iterations: 4095 }),
      set('many', SHA_512, { iterations: 16_385 }),
      set('odd', 3),
      set(''),
      set('twice'),
      set('twice', SHA_512),
      set('empty', SHA_256, { saltedPassword: new Uint8Array(0) }),
    ]
    expect(alter(image, { upsertions })).toEqual({
      sound: ErrorCode.NONE,
      few: ErrorCode.UNACCEPTABLE_CREDENTIAL,
      many: ErrorCode.UNACCEPTABLE_CREDENTIAL,
      odd: ErrorCode.UNSUPPORTED_SASL_MECHANISM,
      '': ErrorCode.UNACCEPTABLE_CREDENTIAL,
      twice: ErrorCode.DUPLICATE_RESOURCE,
      empty: ErrorCode.UNKNOWN_SERVER_ERROR,
    })
    expect([...image.scram.keys()]).toEqual(['sound'])
  })

  it('came with Kafka 3.5', () => {
    expect(alter(newImage(10), { upsertions: [set('a')] })).toEqual({ a: ErrorCode.UNSUPPORTED_VERSION })
    expect(alter(newImage(11), { upsertions: [set('a')] })).toEqual({ a: ErrorCode.NONE })
  })
})
