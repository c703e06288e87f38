/**
 * DescribeConfigs (key 32): how is this topic or broker configured?
 *
 * From admin clients. A value comes with its source: set on the topic, on the broker, on all brokers, in the
 * file, or by default; a synonym list shows what would be in force without the first. (KIP-133)
 *
 *   1  source and synonyms (KIP-226)
 *   2  a throttled client is answered first (KIP-219)
 *   3  type and documentation of each key (KIP-569)
 *   4  flexible
 */
import {
  array,
  bool,
  int8,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const DescribeConfigsRequest = request(
  32,
  'DescribeConfigsRequest',
  { versions: '1-4', flexible: '4+' },
  {
    resources: array(
      struct({
        /** 2 topic, 4 broker, 8 broker logger, 16 client metrics, 32 group. */
        resourceType: int8(),
        resourceName: string(),
        /** Null: all keys. */
        configurationKeys: array(string(), { nullable: true }),
      }),
    ),
    includeSynonyms: bool(),
    includeDocumentation: bool({ since: 3 }),
  },
)
export type DescribeConfigsRequest = TypeOf<typeof DescribeConfigsRequest>

export const DescribeConfigsResponse = response(
  32,
  'DescribeConfigsResponse',
  { versions: '1-4', flexible: '4+' },
  {
    throttleTimeMs: int32(),
    results: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
        resourceType: int8(),
        resourceName: string(),
        configs: array(
          struct({
            name: string(),
            value: string({ nullable: true }),
            readOnly: bool(),
            /** 1 topic, 2 broker, 3 all brokers, 4 file, 5 default, 6 logger, 7 client metrics, 8 group. */
            configSource: int8({ default: -1 }),
            isSensitive: bool(),
            synonyms: array(struct({ name: string(), value: string({ nullable: true }), source: int8() })),
            configType: int8({ since: 3 }),
            documentation: string({ since: 3, nullable: true }),
          }),
        ),
      }),
    ),
  },
)
export type DescribeConfigsResponse = TypeOf<typeof DescribeConfigsResponse>
