/**
 * What stands before the body of every request and response.
 *
 *   request    size int32 | api key, api version, correlation id, client id | tagged fields (v2) | body
 *   response   size int32 | correlation id                                  | tagged fields (v1) | body
 *
 * The header has versions of its own. Nothing on the wire names them: they follow from the API and the
 * version of its body. KIP-482 added the newer ones: request 2 and response 1 end with tagged fields and
 * go with bodies in the flexible encoding. Request header 0 had no client id and left with Kafka 4.0.
 *
 * HEADER-1  the client id is a classic string in every version: a broker must be able to read the header of an
 *     ApiVersions request that is newer than the broker
 * HEADER-2  the answer to ApiVersions has response header 0 in every version: its client does not know yet what the
 *     broker can read and write (KIP-511)
 */
import { data, int16, int32, string, type TypeOf } from '../wire/schema.ts'

const API_VERSIONS = 18

export const RequestHeader = data(
  'RequestHeader',
  { versions: '1-2', flexible: '2+' },
  {
    requestApiKey: int16(),
    requestApiVersion: int16(),
    correlationId: int32(),
    clientId: string({ nullable: true, classic: true }),
  },
)
export type RequestHeader = TypeOf<typeof RequestHeader>

export const ResponseHeader = data(
  'ResponseHeader',
  { versions: '0-1', flexible: '1+' },
  { correlationId: int32() },
)
export type ResponseHeader = TypeOf<typeof ResponseHeader>

/** The versions of the two headers around a body; `flexible`: is the body in the compact encoding? */
export function headerVersions(apiKey: number, flexible: boolean): { request: 1 | 2; response: 0 | 1 } {
  return { request: flexible ? 2 : 1, response: flexible && apiKey !== API_VERSIONS ? 1 : 0 }
}
