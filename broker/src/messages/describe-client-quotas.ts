/**
 * DescribeClientQuotas (key 48): which limits are set for whom?
 *
 * From admin clients. An entity is a user, a client id, an address, or a pair of user and client id; the
 * filter says for each type: this name, the default, or any. (KIP-546)
 *
 *   1  flexible
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
        /** 0 exactly this name, 1 the default, 2 any name. */
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
