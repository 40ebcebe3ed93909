/** When and in what portions the phone sends. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Api, ApiError } from '../../static/field/sync/api.js'
import { pauseAfter } from '../../static/field/sync/backoff.js'
import { batches, MOST_CHARACTERS } from '../../static/field/sync/batches.js'
import { pushBatch } from '../../static/field/sync/push.js'

const entry = (/** @type {string} */ id, /** @type {string} */ document = id) => /** @type {any} */ ({ id, hash: `hash of ${id}`, document })
const WAITING = { responses: 0, files: 0, drafts: 0, failed: 0 }

test('A04: pauses grow and never pass five minutes', () => {
  const pauses = Array.from({ length: 30 }, (_, index) => pauseAfter(index + 1, 0.999))
  assert.ok(pauses[0] <= 4000)
  assert.ok(pauses.every((pause, index) => index === 0 || pause >= pauses[index - 1]))
  assert.ok(Math.max(...pauses) <= 5 * 60 * 1000)
})

test('pauses are spread, so that phones do not return together', () => {
  assert.ok(pauseAfter(8, 0) < pauseAfter(8, 0.5))
  assert.ok(pauseAfter(8, 0) >= pauseAfter(8, 0.999) / 2)
})

test('at most 50 documents and about 4 MB a batch, in order', () => {
  const many = Array.from({ length: 120 }, (_, index) => entry(String(index)))
  assert.deepEqual(batches(many).map((batch) => batch.length), [50, 50, 20])
  assert.deepEqual(batches(many).flat(), many)
  const large = 'x'.repeat(MOST_CHARACTERS - 10)
  assert.deepEqual(batches([entry('a', large), entry('b', large), entry('c')]).map((batch) => batch.map(({ id }) => id)), [['a'], ['b', 'c']])
  assert.deepEqual(batches([]), [])
})

/** @param {(body: any) => Response} answer */
const server = (answer) => new Api(/** @type {any} */ (async (/** @type {string} */ _path, /** @type {any} */ options) => answer(JSON.parse(options.body))), 'token')

const refusal = (/** @type {string} */ code, /** @type {number} */ status) => Response.json({ error: { code, message: '', details: {} } }, { status })

test('one document that the server cannot read holds up no other', async () => {
  const api = server(({ responses }) => {
    if (responses.includes('bad')) return refusal('push_malformed', 400)
    return Response.json({ receipts: responses.map((/** @type {string} */ id) => ({ id, hash: `hash of ${id}`, status: 'stored' })) })
  })
  const outcomes = await pushBatch(api, ['a', 'b', 'bad', 'c', 'd'].map((id) => entry(id)), WAITING)
  assert.deepEqual(outcomes.map((outcome) => outcome.error), ['', '', 'push_malformed', '', ''])
})

for (const [name, answer] of /** @type {[string, () => Response][]} */ ([
  ['500', () => refusal('internal', 500)],
  ['an HTML page with status 200', () => new Response('<!doctype html>', { status: 200, headers: { 'Content-Type': 'text/html' } })],
  ['JSON without receipts', () => Response.json({ ok: true })],
])) {
  test(`A09: ${name} is no answer`, async () => {
    await assert.rejects(pushBatch(server(answer), [entry('a')], WAITING), ApiError)
  })
}

test('A78: only the server\'s own 401 is a refusal, a gateway\'s is not', async () => {
  const error = async (/** @type {Response} */ response) => {
    const caught = await server(() => response).post('/x', {}).catch((/** @type {unknown} */ problem) => problem)
    assert.ok(caught instanceof ApiError)
    return caught
  }
  assert.equal((await error(refusal('device_revoked', 401))).isRefusal, true)
  assert.equal((await error(new Response('<html>', { status: 401 }))).isRefusal, false)
})

for (const [name, answer, code] of /** @type {[string, () => Response, string][]} */ ([
  ['a page in place of JSON', () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } }), 'portal'],
  ['a redirection', () => /** @type {any} */ ({ type: 'opaqueredirect', ok: false, status: 0, headers: new Headers() }), 'portal'],
  ['511', () => new Response('sign in', { status: 511 }), 'portal'],
  ['a proxy\'s page with 502', () => new Response('<html>', { status: 502, headers: { 'Content-Type': 'text/html' } }), 'http_502'],
  ['our server\'s own 503', () => refusal('unavailable', 503), 'unavailable'],
])) {
  test(`A09: ${name} is told as ${code}`, async () => {
    await assert.rejects(server(answer).post('/x', {}), (error) => error instanceof ApiError && error.code === code)
  })
}

test('a server that takes 40 s is waited for: no call is given up before a minute', async () => {
  /** @type {number[]} */
  const limits = []
  const original = AbortSignal.timeout
  AbortSignal.timeout = (ms) => {
    limits.push(ms)
    return original.call(AbortSignal, ms)
  }
  await pushBatch(server(() => Response.json({ receipts: [] })), [entry('a')], WAITING)
  await server(() => Response.json({ ok: true })).post('/x', {})
  AbortSignal.timeout = original
  assert.equal(limits.length, 2)
  assert.ok(Math.min(...limits) >= 60_000)
})

test('A15: how far the clocks are apart is known from any answer', async () => {
  const api = server(() => Response.json({ server_time: new Date(Date.now() + 3_600_000).toISOString() }))
  await api.post('/x', {})
  assert.ok(Math.abs((api.clockOff ?? 0) - 3_600_000) < 5000)
  const silent = server(() => Response.json({ server_time: 'soon' }))
  await silent.post('/x', {})
  assert.equal(silent.clockOff, null)
})
