/**
 * DescribeClientQuotas (API key 48).
 */
import {
  array,
  bool,
  float64,
  int8,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const DescribeClientQuotasRequest = request(
  48,
  'DescribeClientQuotasRequest',
  { versions: '0-1', flexible: '1+' },
  {
    components: array(
      struct({
        entityType: string(),
        matchType: int8(),
        match: string({ nullable: true }),
      }),
    ),
    strict: bool(),
  },
)
export type DescribeClientQuotasRequest = TypeOf<typeof DescribeClientQuotasRequest>

export const DescribeClientQuotasResponse = response(
  48,
  'DescribeClientQuotasResponse',
  { versions: '0-1', flexible: '1+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    entries: array(
      struct({
        entity: array(struct({ entityType: string(), entityName: string({ nullable: true }) })),
        values: array(struct({ key: string(), value: float64() })),
      }),
      { nullable: true },
    ),
  },
)
export type DescribeClientQuotasResponse = TypeOf<typeof DescribeClientQuotasResponse>
