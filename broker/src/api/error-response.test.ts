/** The response to a request whose handler failed, compared with the response of Kafka's own classes. */
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
if ('missing' in tools) console.warn(`The comparison of failed requests is skipped: ${tools.missing}`)

const PER_VERSION = 3
/** Kafka lists markers in the order of a hash map, and returns the exception's message for UnregisterBroker. */
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

/** A readable form of a difference. */
function shown({ api, version, body }: Asked, answer: string): string {
  const asked = JSON.stringify(api.request.decode(new Reader(body), version))
  if (!/^[0-9a-f]*$/.test(answer)) return `${api.request.name} ${version} ${asked}\n${answer}`
  const told = api.response.decode(new Reader(Buffer.from(answer, 'hex')), version)
  return `${api.request.name} ${version} ${asked}\n${JSON.stringify(told)}`
}

describe.skipIf('missing' in tools)('Apache Kafka 4.3', () => {
  test('ERROR-RESPONSE-1: encodes the same bytes for a failed request, in every version', {
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

describe('a request whose handler failed', () => {
  test('ERROR-RESPONSE-1: gets the error in every error field of its response, for everything that it names', () => {
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

  test('ERROR-RESPONSE-2: gets no message, even if its response has a field for one', () => {
    expect(errorResponse(APIS.get(19)!, { topics: [{ name: 'orders' }] }, 7)).toMatchObject({
      topics: [{ name: 'orders', errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, errorMessage: null }],
    })
  })

  test('ERROR-RESPONSE-3: with acks=0 closes the connection', () => {
    expect(errorResponse(APIS.get(0)!, { acks: 0, topicData: [] }, 9)).toBe('close the connection')
  })

  test('gets a valid response in every API and version', () => {
    for (const each of requests()) expect(ours(each), each.api.request.name).toBeTruthy()
  })
})
