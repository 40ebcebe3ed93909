import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { SIGNED_FUNCTIONS } from '../../static/engine/functions/signed.js'

/** @param {Buffer} signed @param {Buffer} key */
function extracted(signed, key) {
  return SIGNED_FUNCTIONS['extract-signed'].run([signed.toString('base64'), key.toString('base64')], /** @type {any} */ ({}))
}

test('the text is given where the key signed it, nothing where it did not', () => {
  for (const text of ['', '{"name": "王"}', 'x'.repeat(300)]) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const signed = Buffer.concat([sign(null, Buffer.from(text), privateKey), Buffer.from(text)])
    assert.equal(extracted(signed, key), text)
    for (const at of [0, 40, signed.length - 1]) {
      const broken = Buffer.from(signed)
      broken[at] ^= 1
      assert.equal(extracted(broken, key), '', `byte ${at}`)
    }
    assert.equal(extracted(signed, generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)), '')
  }
})

test("RFC 8032's own example, and what is no signature or no key", () => {
  const hex = (/** @type {string} */ text) => Buffer.from(text, 'hex')
  const key = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
  const signed = hex('92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c0072')
  assert.equal(extracted(signed, key), 'r')
  assert.equal(extracted(signed, hex('ff'.repeat(32))), '')
  assert.equal(extracted(signed, hex('00')), '')
  assert.equal(extracted(hex('00'), key), '')
})
