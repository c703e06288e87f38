/**
 * DescribeLogDirs (API key 35).
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
