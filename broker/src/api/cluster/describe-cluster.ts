/**
 * DescribeCluster (key 60): the cluster's id, its brokers, its controller (KIP-700).
 *
 *   v1 a controller lists the controllers (KIP-919)   v2 fenced brokers too (KIP-1073)
 *
 * Controllers have no listener of their own here, so a request for them has reached the wrong endpoint.
 * (AuthHelper.computeDescribeClusterResponse)
 */
import { DescribeClusterRequest, DescribeClusterResponse } from '../../messages/describe-cluster.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { CLUSTER_OPERATIONS, NOT_ASKED } from '../authorized-operations.ts'

const BROKERS = 1
const CONTROLLERS = 2

export const DescribeCluster = api({
  request: DescribeClusterRequest,
  response: DescribeClusterResponse,
  inTurns: true,
  handle: (services, request, _context, reply) => {
    const image = services.metadata()
    if (request.endpointType !== BROKERS) return reply(wrongEndpoint(request.endpointType))
    const brokers = [...image.brokers.values()]
      .filter(({ fenced }) => !fenced || request.includeFencedBrokers)
      .map(({ id, host, port, rack, fenced }) => ({ brokerId: id, host, port, rack, isFenced: fenced }))
    const asked = request.includeClusterAuthorizedOperations
    reply({
      errorCode: ErrorCode.NONE,
      endpointType: BROKERS,
      clusterId: image.clusterId,
      controllerId: brokers.some(({ isFenced }) => !isFenced) ? image.controllerId : -1,
      brokers,
      clusterAuthorizedOperations: asked ? CLUSTER_OPERATIONS : NOT_ASKED,
    })
  },
})

function wrongEndpoint(endpointType: number) {
  const known = endpointType === CONTROLLERS
  return {
    errorCode: known ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
    errorMessage: known
      ? 'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER'
      : `Unsupported endpoint type ${endpointType}`,
    clusterId: '',
  }
}
