/**
 * IncrementalAlterConfigs (key 44): change these keys and leave the others alone.
 *
 * From admin clients. Each key says what to do: 0 set, 1 delete, 2 append to a list, 3 take out of it. All
 * changes to one resource are made or none. (KIP-339)
 *
 *   1  flexible
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

export const IncrementalAlterConfigsRequest = request(
  44,
  'IncrementalAlterConfigsRequest',
  { versions: '0-1', flexible: '1+' },
  {
    resources: array(
      struct({
        resourceType: int8(),
        resourceName: string(),
        configs: array(
          struct({ name: string(), configOperation: int8(), value: string({ nullable: true }) }),
        ),
      }),
    ),
    validateOnly: bool(),
  },
)
export type IncrementalAlterConfigsRequest = TypeOf<typeof IncrementalAlterConfigsRequest>

export const IncrementalAlterConfigsResponse = response(
  44,
  'IncrementalAlterConfigsResponse',
  { versions: '0-1', flexible: '1+' },
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
export type IncrementalAlterConfigsResponse = TypeOf<typeof IncrementalAlterConfigsResponse>
