/**
 * XXH3, 64 bits: a fast hash that Kafka uses for the metadata of a group's topics (KIP-1101).
 *
 * Short inputs are hashed in one step; longer ones in lanes of 8 bytes, each XORed with a part of the secret, a fixed
 * string of random bytes, so that no input can cancel out its key:
 *
 *   bytes     how
 *   0-16      a different step for each of 0, 1-3, 4-8, 9-16
 *   17-240    sums of products: each 16 bytes, both halves keyed, multiplied to 128 bits and folded to 64
 *   > 240     eight sums in parallel, fed with 64 bytes at a time, and scrambled after each 1024
 *
 * Numbers are BigInts, cut to 64 bits: the result must be equal, speed does not matter, because a topic is hashed only when
 * it changes. Seed 0. (the xxHash specification; com.dynatrace.hash4j in Apache Kafka)
 *
 * XXH3-1  the same bytes have the same hash as in Java
 */
const SECRET_HEX =
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221' +
  'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8' +
  'fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb17' +
  '0ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e'
const SECRET_LENGTH = 192
const SECRET = new DataView(new ArrayBuffer(SECRET_LENGTH))
for (let at = 0; at < SECRET_LENGTH; at++)
  SECRET.setUint8(at, Number.parseInt(SECRET_HEX.slice(2 * at, 2 * at + 2), 16))

const [P32_1, P32_2, P32_3] = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn]
const P64_1 = 0x9e3779b185ebca87n
const P64_2 = 0xc2b2ae3d27d4eb4fn
const P64_3 = 0x165667b19e3779f9n
const P64_4 = 0x85ebca77c2b2ae63n
const P64_5 = 0x27d4eb2f165667c5n
const [MIX_1, MIX_2] = [0x165667919e3779f9n, 0x9fb21c651e98df25n]

const STRIPE = 64
const STRIPES_OF_BLOCK = (SECRET_LENGTH - STRIPE) / 8
const LOW = 0xffff_ffffn

/** The hash of `bytes`, as a signed 64-bit number. */
export function xxh3(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return BigInt.asIntN(64, hash(view))
}

function hash(input: DataView): bigint {
  const { byteLength: length } = input
  if (length === 0) return avalancheOld(secret64(56) ^ secret64(64))
  if (length <= 3) return upTo3(input)
  if (length <= 8) return upTo8(input)
  if (length <= 16) return upTo16(input)
  if (length <= 128) return upTo128(input)
  return length <= 240 ? upTo240(input) : long(input)
}

const cut = (value: bigint): bigint => BigInt.asUintN(64, value)
const read64 = (input: DataView, at: number): bigint => input.getBigUint64(at, true)
const secret64 = (at: number): bigint => SECRET.getBigUint64(at, true)
const rotate = (value: bigint, by: bigint): bigint => cut((value << by) | (value >> (64n - by)))

/** The 128 bits of a product, both halves XORed. */
function fold(a: bigint, b: bigint): bigint {
  const product = a * b
  return cut(product) ^ (product >> 64n)
}

/** Mixes the upper bits into all others. */
function avalanche(value: bigint): bigint {
  const mixed = cut((value ^ (value >> 37n)) * MIX_1)
  return mixed ^ (mixed >> 32n)
}

/** The same step of XXH64, the predecessor of this hash. */
function avalancheOld(value: bigint): bigint {
  const once = cut((value ^ (value >> 33n)) * P64_2)
  const twice = cut((once ^ (once >> 29n)) * P64_3)
  return twice ^ (twice >> 32n)
}

function upTo3(input: DataView): bigint {
  const { byteLength: length } = input
  const [first, middle, last] = [0, length >> 1, length - 1].map((at) => input.getUint8(at))
  const all = ((first! << 16) | (middle! << 24) | last! | (length << 8)) >>> 0
  const key = (SECRET.getUint32(0, true) ^ SECRET.getUint32(4, true)) >>> 0
  return avalancheOld(BigInt(all) ^ BigInt(key))
}

function upTo8(input: DataView): bigint {
  const { byteLength: length } = input
  const [start, end] = [input.getUint32(0, true), input.getUint32(length - 4, true)]
  const keyed = ((BigInt(start) << 32n) | BigInt(end)) ^ secret64(8) ^ secret64(16)
  const spread = cut((keyed ^ rotate(keyed, 49n) ^ rotate(keyed, 24n)) * MIX_2)
  const again = cut((spread ^ ((spread >> 35n) + BigInt(length))) * MIX_2)
  return again ^ (again >> 28n)
}

function upTo16(input: DataView): bigint {
  const { byteLength: length } = input
  const low = read64(input, 0) ^ secret64(24) ^ secret64(32)
  const high = read64(input, length - 8) ^ secret64(40) ^ secret64(48)
  return avalanche(cut(BigInt(length) + swapped(low) + high + fold(low, high)))
}

function swapped(value: bigint): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, value, true)
  return view.getBigUint64(0)
}

/** Hashes sixteen bytes with sixteen of the secret. */
function mix(input: DataView, at: number, secretAt: number): bigint {
  return fold(read64(input, at) ^ secret64(secretAt), read64(input, at + 8) ^ secret64(secretAt + 8))
}

/** Pairs of sixteen bytes, from both ends inwards. */
function upTo128(input: DataView): bigint {
  const { byteLength: length } = input
  let sum = BigInt(length) * P64_1
  for (let pair = 0; pair <= (length - 1) >> 5; pair++)
    sum += mix(input, 16 * pair, 32 * pair) + mix(input, length - 16 * (pair + 1), 32 * pair + 16)
  return avalanche(cut(sum))
}

function upTo240(input: DataView): bigint {
  const { byteLength: length } = input
  let sum = BigInt(length) * P64_1
  for (let round = 0; round < 8; round++) sum += mix(input, 16 * round, 16 * round)
  sum = avalanche(cut(sum))
  for (let round = 8; round < length >> 4; round++) sum += mix(input, 16 * round, 16 * (round - 8) + 3)
  return avalanche(cut(sum + mix(input, length - 16, 136 - 17)))
}

function long(input: DataView): bigint {
  const { byteLength: length } = input
  const sums = [P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1]
  const stripes = Math.floor((length - 1) / STRIPE)
  for (let stripe = 0; stripe < stripes; stripe++) {
    const place = stripe % STRIPES_OF_BLOCK
    accumulate(sums, input, stripe * STRIPE, 8 * place)
    if (place === STRIPES_OF_BLOCK - 1) scramble(sums)
  }
  accumulate(sums, input, length - STRIPE, SECRET_LENGTH - STRIPE - 7)
  let result = BigInt(length) * P64_1
  for (let pair = 0; pair < 4; pair++) {
    const [key, nextKey] = [secret64(11 + 16 * pair), secret64(19 + 16 * pair)]
    result += fold(sums[2 * pair]! ^ key, sums[2 * pair + 1]! ^ nextKey)
  }
  return avalanche(cut(result))
}

function accumulate(sums: bigint[], input: DataView, at: number, secretAt: number): void {
  for (let lane = 0; lane < 8; lane++) {
    const value = read64(input, at + 8 * lane)
    const keyed = value ^ secret64(secretAt + 8 * lane)
    sums[lane ^ 1] = cut(sums[lane ^ 1]! + value)
    sums[lane] = cut(sums[lane]! + (keyed & LOW) * (keyed >> 32n))
  }
}

function scramble(sums: bigint[]): void {
  for (const [lane, sum] of sums.entries())
    sums[lane] = cut((sum ^ (sum >> 47n) ^ secret64(SECRET_LENGTH - STRIPE + 8 * lane)) * P32_1)
}
