/** Files over bad links: dead connections are left, slow ones are not, and pieces fit the link. */

import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Api, ApiError } from '../../static/field/sync/api.js'
import { FIRST_PIECE, pieceAfter, pieceAfterFailure } from '../../static/field/sync/pieces.js'
import { uploadFile } from '../../static/field/sync/uploads.js'

test('pieces grow to what the link carries in a few seconds, between 32 kB and 1 MB', () => {
  const sizes = [FIRST_PIECE]
  while (sizes.length < 12) sizes.push(pieceAfter(sizes[sizes.length - 1], 10))
  assert.deepEqual(sizes.slice(0, 5), [64, 128, 256, 512, 1024].map((kB) => kB * 1024))
  assert.equal(Math.max(...sizes), 1024 * 1024)
  assert.equal(pieceAfter(64 * 1024, 16_000), 32 * 1024)
  assert.equal(pieceAfter(512 * 1024, 8000), 256 * 1024)
  assert.equal(pieceAfterFailure(1024 * 1024), 256 * 1024)
  assert.equal(pieceAfterFailure(40 * 1024), 32 * 1024)
})

/**
 * A server for one file, over a link that each test plays by hand.
 * @param {number} size of the file
 */
function linkFor(size) {
  /** @type {any[]} */
  const requests = []
  let offset = 0
  class FakeRequest {
    upload = /** @type {any} */ ({})
    sent = 0
    headers = /** @type {Record<string, string>} */ ({})
    responseText = ''
    open() {}
    setRequestHeader(/** @type {string} */ name, /** @type {string} */ value) {
      this.headers[name] = value
    }
    send(/** @type {ArrayBuffer} */ piece) {
      this.piece = piece
      requests.push(this)
    }
    abort() {
      this.isAborted = true
      this.onabort?.()
    }
    getResponseHeader(/** @type {string} */ name) {
      return name === 'Upload-Offset' ? String(offset) : null
    }
    /** Moves bytes. @param {number} bytes */
    move(bytes) {
      this.sent += bytes
      this.upload.onprogress({ loaded: this.sent })
    }
    /** All is out, and the server takes it. */
    arrive() {
      this.upload.onload()
      offset += this.piece?.byteLength ?? 0
      this.status = 204
      this.onload?.()
    }
  }
  Object.assign(globalThis, { XMLHttpRequest: FakeRequest, document: { baseURI: 'https://collector.example/app/' } })
  const fetch = /** @type {any} */ (async () => new Response(null, { status: 200, headers: { 'Upload-Offset': String(offset), Location: '/sync/v1/files/1' } }))
  const file = /** @type {any} */ ({ response: 'r', name: 'n.jpg', type: 'image/jpeg', sha256: 'x', size, url: '', offset: 0, blob: new Blob([new Uint8Array(size)]) })
  const database = /** @type {any} */ ({ write: async () => {} })
  const upload = (/** @type {any} */ way = {}) => uploadFile(new Api(fetch, 'token'), database, file, { moved: () => {}, mayStop: () => false, ...way })
  return { requests, upload }
}

/** Lets promises go on until `isSo`. @param {() => any} isSo */
async function until(isSo) {
  for (let turn = 0; turn < 1000 && !isSo(); turn += 1) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(isSo())
}

test('A24: a dead connection is left after 30 s without a byte, and a smaller piece goes on', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const { requests, upload } = linkFor(60_000)
  const done = upload()
  await until(() => requests.length === 1)
  requests[0].move(10_000)
  mock.timers.tick(29_000)
  assert.equal(requests[0].isAborted, undefined)
  mock.timers.tick(2000)
  assert.equal(requests[0].isAborted, true)
  await until(() => requests.length === 2)
  assert.ok(requests[1].piece.byteLength <= requests[0].piece.byteLength)
  assert.equal(requests[1].headers['Upload-Offset'], '0')
  while (requests[requests.length - 1].status !== 204) {
    const { length } = requests
    requests[length - 1].arrive()
    await Promise.race([done, until(() => requests.length > length)])
  }
  assert.equal(await done, true)
  mock.timers.reset()
})

test('a slow link that moves, and a server that thinks for 40 s, are left alone', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const { requests, upload } = linkFor(20_000)
  const done = upload()
  await until(() => requests.length === 1)
  for (let turn = 0; turn < 20; turn += 1) {
    mock.timers.tick(25_000)
    requests[0].move(1000)
  }
  requests[0].upload.onload()
  mock.timers.tick(40_000)
  assert.equal(requests[0].isAborted, undefined)
  requests[0].arrive()
  assert.equal(await done, true)
  assert.equal(requests.length, 1)
  mock.timers.reset()
})

test('a link that is dead again and again is given up, to be tried later', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const { requests, upload } = linkFor(20_000)
  const done = assert.rejects(upload(), (error) => error instanceof ApiError && error.status === 0)
  for (let turn = 1; turn <= 4; turn += 1) {
    await until(() => requests.length === turn)
    mock.timers.tick(31_000)
  }
  await done
  assert.equal(requests.length, 4)
  mock.timers.reset()
})

test('a file stops between pieces for what is finished meanwhile', async () => {
  const { requests, upload } = linkFor(200_000)
  const done = upload({ mayStop: () => requests.length === 1 })
  await until(() => requests.length === 1)
  requests[0].arrive()
  assert.equal(await done, false)
  assert.equal(requests.length, 1)
})
