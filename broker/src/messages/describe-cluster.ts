/**
 * DescribeCluster (key 60): which brokers, which controller, which cluster id?
 *
 * From admin clients; what Metadata says about the cluster, without the topics. (KIP-700)
 *
 *   1  asked of a controller, it lists the controllers (KIP-919)
 *   2  fenced brokers too (KIP-1073)
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

export const DescribeClusterRequest = request(
  60,
  'DescribeClusterRequest',
  { versions: '0-2', flexible: '0+' },
  {
    includeClusterAuthorizedOperations: bool(),
    /** 1 brokers, 2 controllers. */
    endpointType: int8({ since: 1, default: 1 }),
    includeFencedBrokers: bool({ since: 2 }),
  },
)
export type DescribeClusterRequest = TypeOf<typeof DescribeClusterRequest>

export const DescribeClusterResponse = response(
  60,
  'DescribeClusterResponse',
  { versions: '0-2', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    endpointType: int8({ since: 1, default: 1 }),
    clusterId: string(),
    controllerId: int32({ default: -1 }),
    brokers: array(
      struct({
        brokerId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: true, default: null }),
        isFenced: bool({ since: 2 }),
      }),
    ),
    /** A bit for each allowed operation; the smallest int32 when nobody asked. */
    clusterAuthorizedOperations: int32({ default: -0x8000_0000 }),
  },
)
export type DescribeClusterResponse = TypeOf<typeof DescribeClusterResponse>
