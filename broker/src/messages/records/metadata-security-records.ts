/**
 * Records of __cluster_metadata about who may do what: ACLs, SCRAM passwords, delegation tokens.
 *
 * Numbers stand for enums of the Kafka clients: resource and pattern type, operation, permission, mechanism.
 * This broker authorizes nobody, but a tool that shows the metadata log must be able to read them.
 */
import { array, bytes, int8, int32, int64, record, string, type TypeOf, uuid } from '../../wire/schema.ts'

export const AccessControlEntryRecord = record(
  18,
  'AccessControlEntryRecord',
  { versions: '0', flexible: '0+' },
  {
    id: uuid(),
    resourceType: int8(),
    resourceName: string(),
    patternType: int8(),
    principal: string(),
    host: string(),
    operation: int8(),
    permissionType: int8(),
  },
)
export type AccessControlEntryRecord = TypeOf<typeof AccessControlEntryRecord>

export const RemoveAccessControlEntryRecord = record(
  19,
  'RemoveAccessControlEntryRecord',
  { versions: '0', flexible: '0+' },
  { id: uuid() },
)
export type RemoveAccessControlEntryRecord = TypeOf<typeof RemoveAccessControlEntryRecord>

export const UserScramCredentialRecord = record(
  11,
  'UserScramCredentialRecord',
  { versions: '0', flexible: '0+' },
  {
    name: string(),
    mechanism: int8(),
    salt: bytes(),
    storedKey: bytes(),
    serverKey: bytes(),
    iterations: int32(),
  },
)
export type UserScramCredentialRecord = TypeOf<typeof UserScramCredentialRecord>

export const RemoveUserScramCredentialRecord = record(
  22,
  'RemoveUserScramCredentialRecord',
  { versions: '0', flexible: '0+' },
  { name: string(), mechanism: int8() },
)
export type RemoveUserScramCredentialRecord = TypeOf<typeof RemoveUserScramCredentialRecord>

export const DelegationTokenRecord = record(
  10,
  'DelegationTokenRecord',
  { versions: '0', flexible: '0+' },
  {
    owner: string(),
    requester: string(),
    renewers: array(string()),
    issueTimestamp: int64(),
    maxTimestamp: int64(),
    expirationTimestamp: int64(),
    tokenId: string(),
  },
)
export type DelegationTokenRecord = TypeOf<typeof DelegationTokenRecord>

export const RemoveDelegationTokenRecord = record(
  26,
  'RemoveDelegationTokenRecord',
  { versions: '0', flexible: '0+' },
  { tokenId: string() },
)
export type RemoveDelegationTokenRecord = TypeOf<typeof RemoveDelegationTokenRecord>
