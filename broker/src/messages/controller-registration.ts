/**
 * ControllerRegistration (key 70): I am a controller and here are my addresses.
 *
 * From every controller to the active one, when it starts: the cluster learns what it supports, and admin
 * clients where it is. (KIP-919)
 */
import {
  array,
  bool,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uint16,
  uuid,
} from '../wire/schema.ts'

export const ControllerRegistrationRequest = request(
  70,
  'ControllerRegistrationRequest',
  { versions: '0', flexible: '0+' },
  {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
    listeners: array(struct({ name: string(), host: string(), port: uint16(), securityProtocol: int16() })),
    features: array(struct({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() })),
  },
)
export type ControllerRegistrationRequest = TypeOf<typeof ControllerRegistrationRequest>

export const ControllerRegistrationResponse = response(
  70,
  'ControllerRegistrationResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
  },
)
export type ControllerRegistrationResponse = TypeOf<typeof ControllerRegistrationResponse>
