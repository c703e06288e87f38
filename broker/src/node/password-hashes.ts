/**
 * The hashes that SCRAM passwords are kept with: OpenSSL's, as Node has them.
 */
import { createHash, createHmac } from 'node:crypto'
import type { PasswordHashes } from '../controller/decisions/scram-decisions.ts'

export const NODE_HASHES: PasswordHashes = {
  hash: (kind, bytes) => createHash(kind).update(bytes).digest(),
  hmac: (kind, key, text) => createHmac(kind, key).update(text).digest(),
}
