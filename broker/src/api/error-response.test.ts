/** What is answered when a handler failed, beside what Kafka's own classes answer the same request. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findKafkaTools } from '../../test/kafka-tools.ts'
import { messageArbitrary } from '../../test/message-arbitraries.ts'
import { ErrorCode } from '../wire/errors.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import type { Api } from './api.ts'
import { APIS } from './catalog.ts'
import { errorResponse } from './error-response.ts'

const tools = findKafkaTools()
if ('missing' in tools) console.warn(`The comparison of failed requests is left out: ${tools.missing}`)

const PER_VERSION = 3
/** Kafka answers markers in the order of a hash map, and tells a client that unregisters a broker the exception's words. */
const NOT_COMPARED = ['WriteTxnMarkersRequest', 'UnregisterBrokerRequest']

interface Asked {
  readonly api: Api
  readonly version: number
  readonly body: Uint8Array
}

/** Random requests of every API and version, the same in every run. */
function requests(): Asked[] {
  const all: Asked[] = []
  for (const api of APIS.values()) {
    if (NOT_COMPARED.includes(api.request.name)) continue
    for (let version = api.request.versions.min; version <= api.request.versions.max; version++) {
      const values = fc.sample(messageArbitrary(api.request, version), { seed: 43, numRuns: PER_VERSION })
      for (const value of values) {
        const writer = new Writer()
        api.request.encode(writer, version, value)
        all.push({ api, version, body: writer.toBytes().slice() })
      }
    }
  }
  return all
}

function ours({ api, version, body }: Asked): string {
  const answer = errorResponse(api, api.request.decode(new Reader(body), version), version)
  if (answer === 'close the connection') return 'none'
  const writer = new Writer()
  api.response.encode(writer, version, answer)
  return Buffer.from(writer.toBytes()).toString('hex')
}

/** What can be read in a difference. */
function shown({ api, version, body }: Asked, answer: string): string {
  const asked = JSON.stringify(api.request.decode(new Reader(body), version))
  if (!/^[0-9a-f]*$/.test(answer)) return `${api.request.name} ${version} ${asked}\n${answer}`
  const told = api.response.decode(new Reader(Buffer.from(answer, 'hex')), version)
  return `${api.request.name} ${version} ${asked}\n${JSON.stringify(told)}`
}

describe.skipIf('missing' in tools)('Apache Kafka 4.3', () => {
  test('ERROR-RESPONSE-1: answers a request that it failed at in the same bytes, in every version', {
    timeout: 60_000,
  }, () => {
    const asked = requests()
    const lines = asked.map(
      ({ api, version, body }) => `${api.request.apiKey} ${version} ${Buffer.from(body).toString('hex')}`,
    )
    const folder = 'missing' in tools ? '' : tools.folder
    const program = join(import.meta.dirname, '../../test/ErrorResponses.java')
    const printed = execFileSync('java', ['-cp', `${folder}/*`, program], {
      encoding: 'utf8',
      input: `${lines.join('\n')}\n`,
      stdio: ['pipe', 'pipe', 'ignore'],
      maxBuffer: 64 << 20,
    })
    const theirs = printed.trimEnd().split('\n')
    // Kafka's own method fails at a Produce whose records are null.
    const differ = asked.flatMap((each, i) => {
      const [mine, its] = [ours(each), theirs[i] ?? '']
      return its.startsWith('failed') || mine === its ? [] : [[shown(each, mine), shown(each, its)]]
    })
    expect(differ.map(([mine]) => mine)).toEqual(differ.map(([, its]) => its))
    expect(theirs.filter((each) => each.startsWith('failed')).length).toBeLessThan(30)
  })
})

describe('a request that our handler failed at', () => {
  test('ERROR-RESPONSE-1: has the error where its response has a place for one, and names what was asked for', () => {
    const request = { topics: [{ name: 'orders', partitions: [{ partitionIndex: 3, timestamp: 77 }] }] }
    expect(errorResponse(APIS.get(2)!, request, 7)).toMatchObject({
      topics: [
        {
          name: 'orders',
          partitions: [{ partitionIndex: 3, errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, timestamp: -1 }],
        },
      ],
    })
  })

  test('ERROR-RESPONSE-2: has no message, even where its response has a place for one', () => {
    expect(errorResponse(APIS.get(19)!, { topics: [{ name: 'orders' }] }, 7)).toMatchObject({
      topics: [{ name: 'orders', errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, errorMessage: null }],
    })
  })

  test('ERROR-RESPONSE-3: and wanted no answer (acks=0) is hung up on', () => {
    expect(errorResponse(APIS.get(0)!, { acks: 0, topicData: [] }, 9)).toBe('close the connection')
  })

  test('can be answered in every API and version', () => {
    for (const each of requests()) expect(ours(each), each.api.request.name).toBeTruthy()
  })
})
