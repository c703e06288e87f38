/**
 * AlterConfigs (key 33): replace the configuration of this topic or broker.
 *
 * What is not named goes back to its default, which makes two admins overwrite each other: since Kafka 2.3
 * IncrementalAlterConfigs is preferred. kafkajs still sends this one. (KIP-133)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
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

export const AlterConfigsRequest = request(
  33,
  'AlterConfigsRequest',
  { versions: '0-2', flexible: '2+' },
  {
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        configs: array(struct({ name: string(), value: string({ nullable: true }) })),
      }),
    ),
    validateOnly: bool(),
  },
)
export type AlterConfigsRequest = TypeOf<typeof AlterConfigsRequest>

export const AlterConfigsResponse = response(
  33,
  'AlterConfigsResponse',
  { versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    responses: array(
      struct({
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
        resourceType: int8(),
        resourceName: string(),
      }),
    ),
  },
)
export type AlterConfigsResponse = TypeOf<typeof AlterConfigsResponse>
