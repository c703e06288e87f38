/**
 * DescribeLogDirs (key 35): what lies in your log directories?
 *
 * From admin clients to each broker: size and lag of each replica, and "future" replicas, which are being
 * copied to another directory of the same broker. (KIP-113)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 *   3  an error for the whole answer (KIP-784)
 *   4  how large the volume is and how much is free (KIP-827)
 *   5  which directories take no new partitions (KIP-1066)
 */
import {
  array,
  bool,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const DescribeLogDirsRequest = request(
  35,
  'DescribeLogDirsRequest',
  { versions: '1-5', flexible: '2+' },
  {
    /** Null: all topics. */
    topics: array(struct({ topic: string(), partitions: array(int32()) }), { nullable: true }),
  },
)
export type DescribeLogDirsRequest = TypeOf<typeof DescribeLogDirsRequest>

export const DescribeLogDirsResponse = response(
  35,
  'DescribeLogDirsResponse',
  { versions: '1-5', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16({ since: 3 }),
    results: array(
      struct({
        errorCode: int16(),
        logDir: string(),
        topics: array(
          struct({
            name: string(),
            partitions: array(
              struct({
                partitionIndex: int32(),
                partitionSize: int64(),
                offsetLag: int64(),
                isFutureKey: bool(),
              }),
            ),
          }),
        ),
        totalBytes: int64({ since: 4, default: -1 }),
        usableBytes: int64({ since: 4, default: -1 }),
        isCordoned: bool({ since: 5 }),
      }),
    ),
  },
)
export type DescribeLogDirsResponse = TypeOf<typeof DescribeLogDirsResponse>
