/** Sealing: fixed vectors that Python opens too, what a wrong key or context does, and how long wrong PINs wait. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { vault as wordsEn } from '../../static/field/i18n/vault-en.js'
import { vault as wordsZh } from '../../static/field/i18n/vault-zh.js'
import { senderOf } from '../../static/field/sync/senders.js'
import { authorOf, Keeper } from '../../static/field/vault/keeper.js'
import { waitAfter } from '../../static/field/vault/pin.js'
import { checkNumber, openBox, openJson, openRecord, recordKey, replyKeys, sealBox, sealRecord, serverKey, unwrapKey, wrapKey } from '../../static/field/vault/seal.js'

const vectors = JSON.parse(readFileSync(new URL('sealed-vectors.json', import.meta.url), 'utf8'))
const bytes = (/** @type {string} */ hex) => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (/** @type {any} */ value) => Buffer.from(value).toString('hex')
const privateKey = () => crypto.subtle.importKey('jwk', vectors.sealing_key.jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])

test('the fixed box opens, and one made now does', async () => {
  assert.equal(hex(await openBox(await privateKey(), vectors.box.person, bytes(vectors.box.sealed))), vectors.box.plain)
  const box = await sealBox(await serverKey(vectors.sealing_key.spki), 'wei', bytes('00ff'))
  assert.equal(box.length, 65 + 2 + 16)
  assert.equal(hex(await openBox(await privateKey(), 'wei', box)), '00ff')
})

test('a box for another, or with a byte changed, does not open', async () => {
  const box = bytes(vectors.box.sealed)
  await assert.rejects(openBox((await replyKeys()).keys.privateKey, vectors.box.person, box))
  // Nobody passes a colleague's box off as their own.
  await assert.rejects(openBox(await privateKey(), 'another person', box))
  box[80] ^= 1
  await assert.rejects(openBox(await privateKey(), vectors.box.person, box))
})

test('the fixed records open under their author and purpose only', async () => {
  const { record, file } = vectors
  const key = await recordKey(bytes(record.key))
  assert.deepEqual(await openJson(key, `document ${record.author}`, bytes(record.sealed)), JSON.parse(record.plain))
  assert.equal(hex(await openRecord(key, `file ${file.author}`, bytes(file.sealed))), file.plain)
  for (const context of [`draft ${record.author}`, 'document somebody-else']) await assert.rejects(openRecord(key, context, bytes(record.sealed)))
})

test('the same text sealed twice is not the same', async () => {
  const key = await recordKey(bytes(vectors.record.key))
  assert.notEqual(hex(await sealRecord(key, 'draft u', bytes('aa'))), hex(await sealRecord(key, 'draft u', bytes('aa'))))
})

test('a PIN opens the key, another does not, nor for another volunteer', async () => {
  const { pin, user, key, salt, iterations, wrapped } = vectors.vault
  const vault = { user, salt: bytes(salt), iterations, key: bytes(wrapped) }
  assert.equal(hex(await unwrapKey(pin, vault)), key)
  await assert.rejects(unwrapKey('483921', vault))
  await assert.rejects(unwrapKey(pin, { ...vault, user: 'somebody-else' }))
  const made = await wrapKey('密码也行', 'u', bytes(key), 1000)
  assert.equal(hex(await unwrapKey('密码也行', { user: 'u', ...made })), key)
})

test('the check number is of four digits and the key alone', async () => {
  assert.equal(await checkNumber(bytes(vectors.check.reply_key)), vectors.check.number)
  assert.match(await checkNumber((await replyKeys()).point), /^\d{4}$/)
})

test('four wrong PINs go by, then the wait doubles up to an hour', () => {
  assert.deepEqual([1, 4, 5, 6, 7, 30].map(waitAfter), [0, 0, 30000, 60000, 120000, 3600000])
})

/** A keeper over a database that says what is under its volunteer's PIN. @param {any} vault */
const keeperOf = async (vault) => new Keeper(/** @type {any} */ ({ read: async () => vault }), /** @type {any} */ ({ user: 'u', made_at: 1 }), await recordKey(bytes(vectors.box.plain)))
const draft = { id: 'd', author: 'u', rev: 3, form: 'f', place: '1', answers: { name: 'secret' }, position: '/data/x', name: 'secret', audit: 'secret' }
const entry = { hash: 'h', id: 'd', document: 'secret', status: 'waiting', files_left: ['p'], summary: { form: 'f', name: 'secret', author: 'u', finished_at: 1 } }
const file = { author: 'u', response: 'd', name: 'p', sha256: 'x', size: 6, type: 'image/jpeg', blob: new Blob(['secret'], { type: 'image/jpeg' }) }

test('draft, entry and file are sealed whole, and open to what they were', async () => {
  const keeper = await keeperOf({ made_at: 1 })
  for (const plain of /** @type {any[]} */ ([draft, entry, file])) {
    const sealed = /** @type {any} */ (await keeper.seal(plain))
    assert.ok(sealed.sealed)
    assert.ok(!JSON.stringify(sealed).includes('secret'))
    const opened = /** @type {any} */ (await keeper.open(sealed))
    if (plain === file) assert.equal(await opened.blob.text(), 'secret')
    assert.deepEqual({ ...opened, blob: null }, { ...plain, blob: null })
    assert.equal(authorOf(sealed), 'u')
    assert.deepEqual(await keeper.seal(sealed), sealed)
  }
})

test('what is another\'s stays as it is, and all while the PIN is taken away or set anew', async () => {
  const other = /** @type {any} */ ({ ...draft, author: 'v' })
  assert.equal(await (await keeperOf({ made_at: 1 })).seal(other), other)
  for (const vault of [undefined, { made_at: 2 }, { made_at: 1, is_leaving: true }]) {
    assert.equal(await (await keeperOf(vault)).seal(/** @type {any} */ (draft)), draft)
  }
})

test('lists show names, and one record that cannot be read empties no list', async () => {
  const keeper = await keeperOf({ made_at: 1 })
  const sealed = /** @type {any} */ (await keeper.seal(/** @type {any} */ (entry)))
  const broken = { ...sealed, hash: 'other', summary: { ...sealed.summary, sealed: bytes('00'.repeat(40)) } }
  const { outbox } = await keeper.shown({ outbox: [sealed, broken] })
  assert.deepEqual(outbox.map((one) => /** @type {any} */ (one).summary.name), ['secret', ''])
  assert.equal(/** @type {any} */ (outbox[0]).document, undefined)
})

test('a response goes by its author\'s device while that is welcome', () => {
  const device = (/** @type {string} */ id, state = 'active') => /** @type {any} */ ({ id: `device of ${id}`, user: { id }, state })
  const present = device('u')
  assert.equal(senderOf('v', present, [present, device('v')]).id, 'device of v')
  assert.equal(senderOf('v', present, [present, device('v', 'refused')]), present)
  assert.equal(senderOf('gone', present, [present]), present)
})

test('the same words and places in Chinese and English', () => {
  assert.deepEqual(Object.keys(wordsZh).sort(), Object.keys(wordsEn).sort())
  const places = (/** @type {any} */ message) => new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((match) => match[1]))
  for (const key of Object.keys(wordsEn)) assert.deepEqual(places(wordsZh[key]), places(wordsEn[key]), key)
})
