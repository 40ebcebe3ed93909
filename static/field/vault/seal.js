/** Sealing and opening: sealed boxes for a key pair, records under a volunteer's key, and that key under a PIN. Pure; docs/phone-protection.md. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const CURVE = { name: 'ECDH', namedCurve: 'P-256' }
const POINT_BYTES = 65
const IV_BYTES = 12
/** As costly as a cheap phone bears: about two seconds. */
export const ITERATIONS = 600000

/** @param {string} text */
const utf8 = (text) => new TextEncoder().encode(text)

/** @param {number} count @returns {Bytes} */
export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count))

/** @param {Bytes} first @param {ArrayBuffer} second @returns {Bytes} */
function joined(first, second) {
  const all = new Uint8Array(first.length + second.byteLength)
  all.set(first)
  all.set(new Uint8Array(second), first.length)
  return all
}

/** @param {string} text base64 @returns {Bytes} */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** The key that seals a volunteer's records; it cannot be read out again. @param {BufferSource} raw 32 bytes */
export function recordKey(raw) {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** @param {string} spki base64, as the server tells it */
export function serverKey(spki) {
  return crypto.subtle.importKey('spki', fromBase64(spki), CURVE, false, [])
}

/** A key pair for one answer of the server. Its private half can be kept, and never be read out. */
export async function replyKeys() {
  const keys = await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])
  return { keys, point: new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)) }
}

/** `plain`, which belongs to `person`, so that only the holder of the private key opens it. @param {CryptoKey} publicKey @param {string} person id @param {BufferSource} plain */
export async function sealBox(publicKey, person, plain) {
  const { keys, point } = await replyKeys()
  const { key, iv } = await boxKey(keys.privateKey, publicKey, point, person)
  return joined(point, await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain))
}

/** Rejects where the box was not made for this key and person. @param {CryptoKey} privateKey @param {string} person id @param {Bytes} box @returns {Promise<Bytes>} */
export async function openBox(privateKey, person, box) {
  const point = box.slice(0, POINT_BYTES)
  const sender = await crypto.subtle.importKey('raw', point, CURVE, false, [])
  const { key, iv } = await boxKey(privateKey, sender, point, person)
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, box.slice(POINT_BYTES)))
}

/** @param {CryptoKey} privateKey @param {CryptoKey} publicKey @param {Bytes} point of the box @param {string} person id */
async function boxKey(privateKey, publicKey, point, person) {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256)
  const source = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: point, info: utf8(`collector sealed 1 ${person}`) }, source, 8 * (32 + IV_BYTES))
  return { key: await recordKey(bits.slice(0, 32)), iv: bits.slice(32) }
}

/**
 * A sealed record: what it is for and whose it is are bound to it.
 * @param {CryptoKey} key
 * @param {string} context `<purpose> <author id>`
 * @param {BufferSource} plain
 */
export async function sealRecord(key, context, plain) {
  const iv = randomBytes(IV_BYTES)
  return joined(iv, await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(context) }, key, plain))
}

/** Rejects where key or context are not the record's. @param {CryptoKey} key @param {string} context @param {Bytes} sealed @returns {Promise<ArrayBuffer>} */
export function openRecord(key, context, sealed) {
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.slice(0, IV_BYTES), additionalData: utf8(context) }, key, sealed.slice(IV_BYTES))
}

/** @param {CryptoKey} key @param {string} context @param {any} value */
export function sealJson(key, context, value) {
  return sealRecord(key, context, utf8(JSON.stringify(value)))
}

/** @param {CryptoKey} key @param {string} context @param {Bytes} sealed @returns {Promise<any>} */
export async function openJson(key, context, sealed) {
  return JSON.parse(new TextDecoder().decode(await openRecord(key, context, sealed)))
}

/** @param {string} pin @param {Bytes} salt @param {number} iterations */
async function pinKey(pin, salt, iterations) {
  const source = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveBits'])
  return recordKey(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, source, 256))
}

/** A volunteer's key under a PIN. @param {string} pin @param {string} user id @param {Bytes} raw the key @param {number} [iterations] */
export async function wrapKey(pin, user, raw, iterations = ITERATIONS) {
  const salt = randomBytes(16)
  return { salt, iterations, key: await sealRecord(await pinKey(pin, salt, iterations), `vault ${user}`, raw) }
}

/** The key again. Rejects where the PIN is another. @param {string} pin @param {{user: string, salt: Bytes, iterations: number, key: Bytes}} vault @returns {Promise<Bytes>} */
export async function unwrapKey(pin, { user, salt, iterations, key }) {
  return new Uint8Array(await openRecord(await pinKey(pin, salt, iterations), `vault ${user}`, key))
}

/** The four digits by which two people make sure that they speak of the same phone. @param {Bytes} point of the reply key */
export async function checkNumber(point) {
  const digest = await crypto.subtle.digest('SHA-256', point)
  return String(new DataView(digest).getUint32(0) % 10000).padStart(4, '0')
}
