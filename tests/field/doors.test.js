/** The list of doors: what is noted, which come first, which calls are due, what a search finds; and that their words lie sealed. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callTimes, countDoors, doorLabelled, draftAt, dueCalls, FILTERS, findDoors, isOverdue, localInput, newDoor, noted, orderDoors, passes } from '../../static/field/doors.js'
import { doors as wordsEn } from '../../static/field/i18n/doors-en.js'
import { doors as wordsZh } from '../../static/field/i18n/doors-zh.js'
import { doorOf } from '../../static/field/store/doors.js'
import { recordKey } from '../../static/field/vault/seal.js'
import { Keeper } from '../../static/field/vault/keeper.js'

/** Of this phone's own clock, whatever its zone. */
const at = (/** @type {number} */ hour, minute = 0, day = 24) => new Date(2026, 10, day, hour, minute).getTime()
const NOON = at(12)
const door = (/** @type {string} */ label, changes = {}) => ({ ...newDoor({ id: label, author: 'u', place: 'p', label, note: '' }, NOON), ...changes })
const labels = (/** @type {{label: string}[]} */ doors) => doors.map(({ label }) => label)

test('a new door is open, the volunteer\'s own, and nothing was tried', () => {
  const { state, attempts, call_at, origin, response } = door('3-201')
  assert.deepEqual({ state, attempts, call_at, origin, response }, { state: 'open', attempts: [], call_at: null, origin: 'own', response: null })
})

test('what happens is noted after what was, and the door given is left alone', () => {
  const first = noted(door('3-201'), 'nobody_home', at(10))
  const second = noted(first, 'call_again', at(11), at(19))
  assert.deepEqual(second.attempts, [{ at: at(10), outcome: 'nobody_home' }, { at: at(11), outcome: 'call_again' }])
  assert.equal(second.call_at, at(19))
  assert.equal(first.attempts.length, 1)
  // The call was kept: it is due no more.
  assert.deepEqual([noted(second, 'visited', at(19)).state, noted(second, 'visited', at(19)).call_at], ['visited', null])
})

test('calls come first, the earliest on top; then by how much there is to do, then by number', () => {
  const doors = [
    door('refused', { state: 'refused' }), door('3-10'), door('3-9'), door('late', { state: 'call_again', call_at: at(20) }),
    door('visited', { state: 'visited' }), door('nobody', { state: 'nobody_home' }), door('early', { state: 'call_again', call_at: at(9) }),
  ]
  assert.deepEqual(labels(orderDoors(doors)), ['early', 'late', '3-9', '3-10', 'nobody', 'visited', 'refused'])
})

test('due are the calls of today and the missed ones, not those of tomorrow nor of a door that is done', () => {
  const call = (/** @type {string} */ label, /** @type {number} */ call_at, state = 'call_again') => door(label, { state, call_at })
  const doors = [call('tomorrow', at(0, 0, 25)), call('evening', at(23, 59)), call('yesterday', at(19, 0, 23)), call('done', at(19), 'visited'), door('open')]
  assert.deepEqual(labels(dueCalls(doors, NOON)), ['yesterday', 'evening'])
  assert.deepEqual(doors.map((one) => isOverdue(one, NOON)), [false, false, true, false, false])
})

test('a call agreed late in the evening for after midnight is due, not lost until the next day', () => {
  const call = (/** @type {string} */ label, /** @type {number} */ call_at) => door(label, { state: 'call_again', call_at })
  assert.deepEqual(labels(dueCalls([call('in an hour', at(0, 40, 25)), call('in the morning', at(9, 0, 25))], at(23, 40))), ['in an hour'])
})

test('every door is to do or done, and the chips count what they show', () => {
  const doors = ['open', 'nobody_home', 'call_again', 'visited', 'refused'].map((state) => door(state, { state }))
  assert.deepEqual(countDoors(doors), { todo: 3, call_again: 1, done: 2, all: 5 })
  assert.deepEqual(FILTERS.map((filter) => labels(doors.filter(passes(filter)))), [['open', 'nobody_home', 'call_again'], ['call_again'], ['visited', 'refused'], labels(doors)])
})

test('a search finds by address, name and note, in any width and case of letters', () => {
  const doors = [door('3幢201 王芳', { note: 'Big DOG' }), door('12幢1 李'), door('３幢 202')]
  const cases = /** @type {[string, number[]][]} */ ([['王', [0]], ['3幢', [0, 2]], ['dog 王', [0]], ['dog 李', []], ['１２', [1]], [' ', [0, 1, 2]]])
  for (const [query, found] of cases) assert.deepEqual(findDoors(doors, query), found.map((index) => doors[index]), query)
})

test('the same address in the same community is the same door', () => {
  const doors = [door('3 幢 201'), door('other', { place: 'q' })]
  assert.equal(doorLabelled(doors, 'p', '3幢201')?.label, '3 幢 201')
  assert.equal(doorLabelled(doors, 'q', '3幢201'), undefined)
})

test('a draft and its door find each other, whether it was begun there or put off there', () => {
  const doors = [door('a', { response: 'put-off' }), door('b')]
  const drafts = /** @type {any[]} */ ([{ id: 'begun', door: 'b' }, { id: 'put-off' }, { id: 'none' }])
  assert.deepEqual(drafts.map((draft) => doorOf(doors, draft)?.label), ['b', 'a', undefined])
  assert.deepEqual(doors.map((one) => draftAt(drafts, one)?.id), ['put-off', 'begun'])
  assert.equal(draftAt([drafts[2]], doors[1]), undefined)
})

test('offered times lie ahead: no evening that is over or less than an hour away', () => {
  assert.deepEqual(callTimes(at(12, 2)), [{ name: 'hour', at: at(13, 5) }, { name: 'evening', at: at(19) }, { name: 'tomorrow', at: at(10, 0, 25) }])
  assert.deepEqual(callTimes(at(18, 30)).map(({ name }) => name), ['hour', 'tomorrow'])
  assert.equal(localInput(at(9, 5)), '2026-11-24T09:05')
})

test('label and note lie sealed under a PIN, what lists order by does not, and an unreadable one is not written over', async () => {
  const keeper = new Keeper(/** @type {any} */ ({ read: async () => ({ made_at: 1 }) }), /** @type {any} */ ({ user: 'u', made_at: 1 }), await recordKey(new Uint8Array(32)))
  const plain = noted(door('secret', { note: 'secret too' }), 'nobody_home', NOON)
  const sealed = await keeper.seal(plain)
  assert.ok(!JSON.stringify(sealed).includes('secret too') && !('label' in sealed))
  assert.deepEqual([sealed.state, sealed.place, sealed.attempts], [plain.state, plain.place, plain.attempts])
  assert.deepEqual(await keeper.open(sealed), { ...plain, id: 'secret' })
  const broken = { ...sealed, id: 'broken', sealed: new Uint8Array(40) }
  const { doors: [shown, unreadable] } = await keeper.shown({ doors: [sealed, broken] })
  assert.deepEqual([shown.label, shown.note, shown.sealed], ['secret', 'secret too', undefined])
  assert.equal(unreadable.label, '')
  // Noting something there keeps the record, which another day may be read.
  assert.equal((await keeper.seal(noted(unreadable, 'refused', NOON))).sealed, broken.sealed)
})

test('the same words and places in Chinese and English', () => {
  assert.deepEqual(Object.keys(wordsZh).sort(), Object.keys(wordsEn).sort())
  const places = (/** @type {any} */ message) => new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((match) => match[1]))
  for (const key of Object.keys(wordsEn)) assert.deepEqual(places(wordsZh[key]), places(wordsEn[key]), key)
})
