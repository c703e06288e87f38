import { describe, expect, test } from 'vitest'
import { retellClassic } from '../../../../test/classic-group-fixtures.ts'
import { tidy } from '../../../../test/group-fixtures.ts'
import type { GroupConfig } from '../group-config.ts'

function tells(story: string, change?: Partial<GroupConfig>): void {
  expect(retellClassic(story, change)).toBe(tidy(story))
}

const MEMBER = `
  a joins v3
  -> log: g generation 0
  wait 0
  -> a: generation 1, range, led by a, of a
  a syncs a=all
  -> log: g generation 1 a=all
  -> a: share "all"
`

describe('who may commit', () => {
  test('any client, while the group has no members', () => {
    tells(`
      fetch
      -> t-0 is at -1
      somebody commits 5
      -> log: t-0 5
      -> somebody: NONE
      fetch
      -> t-0 is at 5
      show
      -> Empty
      stranger commits 6 at 3
      -> stranger: UNKNOWN_MEMBER_ID
    `)
  })

  test('OFFSET-COMMIT-1: only members in their generation, once it has members', () => {
    tells(`${MEMBER}
      somebody commits 5
      -> somebody: UNKNOWN_MEMBER_ID
      a commits 5 at 0
      -> a: ILLEGAL_GENERATION
      a commits 5
      -> log: t-0 5
      -> a: NONE
    `)
  })

  test('a commit with a generation to a group that does not exist', () => {
    tells(`
      somebody commits 5 at 3
      -> somebody: GROUP_ID_NOT_FOUND
      show
      -> GROUP_ID_NOT_FOUND
    `)
  })

  test('a commit restarts the session timeout, like a heartbeat', () => {
    tells(`${MEMBER}
      wait 9000
      a commits 5
      -> log: t-0 5
      -> a: NONE
      wait 9000
      a beats
      -> a: NONE
    `)
  })

  test('the metadata of an offset may have offset.metadata.max.bytes characters', () => {
    tells(
      `
      somebody commits 5 noting 1234
      -> log: t-0 5
      -> somebody: NONE
      somebody commits 6 noting 12345
      -> somebody: OFFSET_METADATA_TOO_LARGE
    `,
      { offsetMetadataLengthMax: 4 },
    )
  })

  test('a commit that cannot be written changes nothing', () => {
    tells(`
      log fails NOT_COORDINATOR
      somebody commits 5
      -> log: NOT_COORDINATOR
      -> somebody: NOT_COORDINATOR
      fetch
      -> t-0 is at -1
    `)
  })
})

describe('KIP-447: offsets within a transaction', () => {
  test('OFFSET-COMMIT-2, OFFSET-FETCH-1: are pending until the marker; a fetch of stable offsets gets UNSTABLE_OFFSET_COMMIT', () => {
    tells(`
      somebody commits 5 in 7
      -> log: t-0 5
      -> somebody: NONE
      fetch
      -> t-0 is at -1
      fetch stable
      -> UNSTABLE_OFFSET_COMMIT
      transaction 7 commits
      fetch stable
      -> t-0 is at 5
      somebody commits 9 in 7
      -> log: t-0 9
      -> somebody: NONE
      transaction 7 aborts
      fetch stable
      -> t-0 is at 5
    `)
  })

  test('are restored by a restart, pending or ended by their marker', () => {
    tells(`
      somebody commits 5 in 7
      -> log: t-0 5
      -> somebody: NONE
      transaction 7 commits
      somebody commits 8 in 9
      -> log: t-0 8
      -> somebody: NONE
      restart
      fetch
      -> t-0 is at 5
      fetch stable
      -> UNSTABLE_OFFSET_COMMIT
      transaction 9 commits
      fetch stable
      -> t-0 is at 8
    `)
  })

  test('OFFSET-STORE-1: do not replace an offset that was committed after them', () => {
    tells(`
      somebody commits 5 in 7
      -> log: t-0 5
      -> somebody: NONE
      somebody commits 6
      -> log: t-0 6
      -> somebody: NONE
      transaction 7 commits
      fetch
      -> t-0 is at 6
    `)
  })
})

describe('KIP-211: expiration', () => {
  const SHORT = { offsetsRetentionMs: 100_000, offsetsRetentionCheckIntervalMs: 60_000 }

  test('a group that only stores offsets: after the last commit; then the group is deleted, too', () => {
    tells(
      `
      somebody commits 5
      -> log: t-0 5
      -> somebody: NONE
      wait 60000
      fetch
      -> t-0 is at 5
      wait 60000
      -> log: t-0 gone, g gone
      show
      -> GROUP_ID_NOT_FOUND
    `,
      SHORT,
    )
  })

  test('OFFSET-EXPIRATION-1: not while a transaction has an offset for the partition', () => {
    tells(
      `
      somebody commits 5
      -> log: t-0 5
      -> somebody: NONE
      somebody commits 9 in 7
      -> log: t-0 9
      -> somebody: NONE
      wait 60000
      wait 60000
      fetch
      -> t-0 is at 5
      transaction 7 aborts
      wait 60000
      -> log: t-0 gone, g gone
    `,
      SHORT,
    )
  })

  test('a group of members: after the last one has left', () => {
    tells(
      `${MEMBER}
      a commits 5
      -> log: t-0 5
      -> a: NONE
      wait 9000
      a beats
      -> a: NONE
      wait 9000
      a beats
      -> a: NONE
      wait 9000
      a leaves
      -> log: g generation 2
      -> a: NONE
      wait 93000
      fetch
      -> t-0 is at 5
      wait 60000
      -> log: t-0 gone, g gone
    `,
      SHORT,
    )
  })
})

describe('deleting', () => {
  test('DeleteGroups deletes a group with its offsets, but not a group with members', () => {
    tells(`${MEMBER}
      a commits 5
      -> log: t-0 5
      -> a: NONE
      delete
      -> NON_EMPTY_GROUP
      a leaves
      -> log: g generation 2
      -> a: NONE
      delete
      -> log: t-0 gone, g gone
      -> NONE
      delete
      -> GROUP_ID_NOT_FOUND
      restart
      fetch
      -> t-0 is at -1
    `)
  })
})
