/**
 * Hash functions for SCRAM passwords: OpenSSL's, through Node.
 */
import { createHash, createHmac } from 'node:crypto'
import type { PasswordHashes } from '../controller/decisions/scram-decisions.ts'

export const NODE_HASHES: PasswordHashes = {
  hash: (kind, bytes) => createHash(kind).update(bytes).digest(),
  hmac: (kind, key, text) => createHmac(kind, key).update(text).digest(),
}
