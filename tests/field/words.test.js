/** Every message exists in both languages, and the honest line says what is so. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { app as appEn } from '../../static/field/i18n/en.js'
import { capture as captureEn } from '../../static/field/i18n/capture-en.js'
import { capture as captureZh } from '../../static/field/i18n/capture-zh.js'
import { fill as fillEn } from '../../static/field/i18n/fill-en.js'
import { fill as fillZh } from '../../static/field/i18n/fill-zh.js'
import { bestLanguage, shortTime } from '../../static/field/i18n/i18n.js'
import { app as appZh } from '../../static/field/i18n/zh.js'
import { later as laterEn } from '../../static/field/i18n/later-en.js'
import { later as laterZh } from '../../static/field/i18n/later-zh.js'
import { outboxWords } from '../../static/field/views/status.js'
import { safetyLine } from '../../static/field/views/safety.js'

const places = (/** @type {any} */ message) => [...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((match) => match[1])

for (const [name, zh, en] of /** @type {[string, any, any][]} */ ([['app', appZh, appEn], ['fill', fillZh, fillEn], ['capture', captureZh, captureEn], ['later', laterZh, laterEn]])) {
  test(`${name}: the same keys and places in Chinese and English`, () => {
    assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort())
    for (const key of Object.keys(en)) assert.deepEqual(new Set(places(zh[key])), new Set(places(en[key])), key)
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
