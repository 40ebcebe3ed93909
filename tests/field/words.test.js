/** Every message exists in both languages, and the honest line says what is so. */

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { bestLanguage, shortTime } from '../../static/field/i18n/i18n.js'
import { outboxWords } from '../../static/field/views/status.js'
import { safetyLine } from '../../static/field/views/safety.js'

const places = (/** @type {any} */ message) => [...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((match) => match[1])

const folder = new URL('../../static/field/i18n/', import.meta.url)
const parts = readdirSync(folder).filter((name) => /^(?:[\w-]+-)?zh\.js$/.test(name))

for (const part of parts) {
  test(`${part}: the same keys and places as in English`, async () => {
    const [zh, en] = await Promise.all([part, part.replace('zh', 'en')].map(async (name) => Object.values(await import(new URL(name, folder).href))))
    assert.equal(zh.length, 1)
    assert.deepEqual(Object.keys(zh[0]).sort(), Object.keys(en[0]).sort())
    for (const key of Object.keys(en[0])) assert.deepEqual(new Set(places(zh[0][key])), new Set(places(en[0][key])), key)
  })
}

test('the browser\'s languages choose, Chinese where none fits', () => {
  assert.equal(bestLanguage(['fr-FR', 'en-GB', 'zh']), 'en')
  assert.equal(bestLanguage(['zh-Hant-TW']), 'zh')
  assert.equal(bestLanguage(['fr']), 'zh')
})

const facts = { unsent: 0, sent: 12, phase: 'idle', done: 0, total: 0, isRefused: false }

for (const [changes, key, params] of /** @type {[any, string, any][]} */ ([
  [{}, 'safe.all', { count: 12 }],
  [{ sent: 0 }, 'safe.none', { count: 0 }],
  [{ unsent: 3 }, 'safe.waiting', { count: 3 }],
  [{ unsent: 3, phase: 'no_signal' }, 'safe.no_signal', { count: 3 }],
  [{ unsent: 3, phase: 'server_trouble' }, 'safe.server_trouble', { count: 3 }],
  [{ unsent: 3, phase: 'sending', done: 1, total: 3 }, 'safe.sending', { done: 2, total: 3 }],
  [{ unsent: 4, isRefused: true }, 'safe.refused', { count: 4 }],
  [{ isRefused: true }, 'safe.refused_none', { count: 0 }],
])) {
  test(`the line is ${key} for ${JSON.stringify(changes)}`, () => {
    const line = safetyLine({ ...facts, ...changes })
    assert.equal(line.key, key)
    assert.deepEqual(line.params, params)
  })
}

test('A10: an entry that failed says so and is never called safe', () => {
  const entry = /** @type {any} */ ({ hash: 'a', status: 'failed', error: 'push_malformed', files_left: [] })
  assert.equal(outboxWords(entry, { sending: [], file: null }).key, 'status.failed')
  assert.equal(outboxWords({ ...entry, status: 'waiting' }, { sending: ['a'], file: null }).key, 'status.sending')
  assert.equal(outboxWords({ ...entry, status: 'sent', files_left: ['x'] }, { sending: [], file: null }).key, 'status.files')
})

test('a moment of today is its time alone, another has its day', () => {
  assert.match(shortTime(Date.now()), /^\d\d:\d\d$/)
  assert.match(shortTime(Date.now() - 864e5 * 3), /日/)
})
