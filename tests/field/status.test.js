/** What the phone says of a response, and what sending costs. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addTraffic, connectionKind } from '../../static/field/sync/traffic.js'
import { bytesText } from '../../static/field/views/amounts.js'
import { nextWords, outboxWords, sentWords } from '../../static/field/views/status.js'

const entry = /** @type {any} */ ({ hash: 'a', status: 'waiting', files_left: [] })
const sender = /** @type {any} */ ({ phase: 'idle', sending: [], file: null, next: 0, isHeld: false })
const facts = { isRefused: false, now: 1000 }

for (const [name, changes, more, keys] of /** @type {[string, any, any, string[]]} */ ([
  ['an idle phone sends by itself', {}, {}, ['sending.next_idle']],
  ['another is on its way', { phase: 'sending', sending: ['b'] }, {}, ['sending.next_sending']],
  ['it is on its way itself', { phase: 'sending', sending: ['a'] }, {}, []],
  ['no signal, soon again', { phase: 'no_signal', next: 21_000 }, {}, ['sending.next_no_signal', 'sending.again_soon']],
  ['a sign-in, later again', { phase: 'portal', next: 121_000 }, {}, ['sending.next_portal', 'sending.again']],
  ['the server is troubled', { phase: 'server_trouble', next: 50_000 }, {}, ['sending.next_server_trouble', 'sending.again']],
  ['photos wait for Wi-Fi', { isHeld: true }, { status: 'sent' }, ['sending.next_held']],
  ['answers do not', { isHeld: true }, {}, ['sending.next_idle']],
  ['its own content failed', { phase: 'no_signal' }, { status: 'failed' }, ['sending.next_failed']],
])) {
  test(`next: ${name}`, () => {
    assert.deepEqual(nextWords({ ...entry, ...more }, { ...sender, ...changes }, facts).map(({ key }) => key), keys)
  })
}

test('A04: a wait is told in minutes, rounded', () => {
  const [, again] = nextWords(entry, { ...sender, phase: 'no_signal', next: 1000 + 125_000 }, facts)
  assert.deepEqual(again.params, { count: 2 })
})

test('a refused phone says that a code is wanted, whatever else is so', () => {
  assert.deepEqual(nextWords(entry, { ...sender, phase: 'no_signal' }, { ...facts, isRefused: true }).map(({ key }) => key), ['sending.next_refused'])
})

test('the photo that goes out is told with its number and progress', () => {
  const file = { hash: 'a', number: 2, count: 3, percent: 40, isPhoto: true }
  const { key, params } = outboxWords({ ...entry, status: 'sent' }, { sending: ['a'], file })
  assert.deepEqual([key, params], ['status.sending_photo', { number: 2, count: 3, percent: 40 }])
  assert.equal(outboxWords(entry, { sending: ['a'], file: { ...file, isPhoto: false } }).key, 'status.sending_file')
  assert.equal(outboxWords(entry, { sending: [], file: { ...file, hash: 'b' } }).key, 'status.waiting')
})

test('a receipt in words', () => {
  assert.deepEqual(['stored', 'quarantined', 'deleted'].map((status) => sentWords(status).key), ['status.safe', 'status.aside', 'status.deleted'])
})

test('bytes are counted by month and altogether, answers and files apart', () => {
  const november = addTraffic(undefined, [10, 5, 100, 1], Date.UTC(2026, 10, 30))
  assert.deepEqual([november.all, november.ofMonth], [[15, 101], [15, 101]])
  const december = addTraffic(november, [1, 0, 0, 7], Date.UTC(2026, 11, 1))
  assert.deepEqual([december.all, december.ofMonth, december.since], [[16, 108], [1, 7], november.since])
})

test('what the browser tells of the connection', () => {
  assert.equal(connectionKind({ type: 'wifi' }), 'wifi')
  assert.equal(connectionKind({ type: 'wifi', saveData: true }), 'costly')
  assert.equal(connectionKind({ type: 'cellular' }), 'costly')
  assert.equal(connectionKind({ effectiveType: '4g' }), 'unknown')
})

test('amounts of data', () => {
  assert.deepEqual([0, 1, 999_999, 1_250_000, 2.5e9].map(bytesText), ['0 kB', '1 kB', '1000 kB', '1.3 MB', '2.5 GB'])
})
