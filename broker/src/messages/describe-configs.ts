/**
 * DescribeConfigs (API key 32).
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
        resourceType: int8(),
        resourceName: string(),
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
            configSource: int8({ default: -1 }),
            isSensitive: bool(),
            synonyms: array(
              struct({
                name: string(),
                value: string({ nullable: true }),
                source: int8(),
              }),
            ),
            configType: int8({ since: 3 }),
            documentation: string({ since: 3, nullable: true }),
          }),
        ),
      }),
    ),
  },
)
export type DescribeConfigsResponse = TypeOf<typeof DescribeConfigsResponse>
