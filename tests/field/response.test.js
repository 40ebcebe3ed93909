/** The response document and what goes into it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoLocal } from '../../static/field/clock.js'
import { myPlaces, nameIn, prefillFor } from '../../static/field/places.js'
import { filePaths, makeDocument } from '../../static/field/response.js'
import { decideFinish, decideSave } from '../../static/field/store/revision.js'
import { fileName } from '../../static/field/store/new-files.js'

const draft = /** @type {any} */ ({ id: 'r1', form: 'f', version: '1', model: 'm', place: 'c1', author: 'u1', started_at: Date.UTC(2006, 2, 28, 1, 43, 10), rev: 3 })

test('moments carry the phone\'s offset', () => {
  assert.equal(isoLocal(Date.UTC(2006, 2, 28, 1, 43, 10), 480), '2006-03-28T09:43:10.000+08:00')
  assert.equal(isoLocal(Date.UTC(2006, 2, 28, 1, 43, 10), -210), '2006-03-27T22:13:10.000-03:30')
})

test('A22: each file is tied to its own question, rows of repeats counted', () => {
  const answers = { front: 'a.jpg', members: [{ photo: 'b.jpg' }, { photo: 'c.jpg', note: 'a.jpg.txt' }], group: { back: 'd.jpg' } }
  assert.deepEqual([...filePaths(answers, '/data', new Set(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']))], [
    ['a.jpg', '/data/front'],
    ['b.jpg', '/data/members[1]/photo'],
    ['c.jpg', '/data/members[2]/photo'],
    ['d.jpg', '/data/group/back'],
  ])
})

test('A22: names are the phone\'s own, with the type\'s extension', () => {
  assert.equal(fileName('u', 'image/jpeg'), 'u.jpg')
  assert.equal(fileName('u', 'audio/webm;codecs=opus'), 'u.weba')
  assert.equal(fileName('u', 'text/html'), 'u.bin')
})

test('the document holds the protocol\'s keys, and only files that an answer names', () => {
  const files = /** @type {any[]} */ ([
    { name: 'a.jpg', size: 10, sha256: 'x', type: 'image/jpeg' },
    { name: 'old.jpg', size: 20, sha256: 'y', type: 'image/jpeg' },
  ])
  const result = { answers: { photo: 'a.jpg', meta: { instanceID: 'uuid:other', instanceName: 'Li' } }, instanceName: 'Li' }
  const { text, fileNames } = makeDocument({ draft, result, root: 'data', language: 'zh', files, device: 'd1', now: draft.started_at + 1000, offsetAt: () => 480, tz: 'Asia/Shanghai' })
  const document = JSON.parse(text)
  assert.deepEqual(fileNames, ['a.jpg'])
  assert.deepEqual(document.files, [{ name: 'a.jpg', path: '/data/photo', size: 10, sha256: 'x', type: 'image/jpeg' }])
  assert.deepEqual(document.answers.meta, { instanceID: 'uuid:r1', instanceName: 'Li' })
  assert.deepEqual(Object.keys(document), ['id', 'form', 'version', 'model', 'base', 'place', 'author', 'device', 'language', 'started_at', 'finished_at', 'tz', 'answers', 'instance_name', 'files'])
})

const PLACES = [
  { code: 'd', names: { zh: '区' }, parent: null, level: 0 },
  { code: 's', names: { zh: '街道', en: 'Subdistrict' }, parent: 'd', level: 1 },
  { code: 'c1', names: { zh: '社区' }, parent: 's', level: 2 },
  { code: 'c2', names: { zh: '社区二' }, parent: 's', level: 2 },
]
const world = /** @type {any} */ ({ places: PLACES, mine: [] })

test('the form knows the place it was begun at, level by level from the lowest', () => {
  assert.deepEqual(prefillFor(['subdistrict', 'community'], PLACES, 'c1'), { subdistrict: 's', community: 'c1' })
  assert.deepEqual(prefillFor(['community'], PLACES, 'c1'), { community: 'c1' })
  assert.deepEqual(prefillFor(['a', 'b', 'c', 'community'], PLACES, 'c1'), { b: 'd', c: 's', community: 'c1' })
  assert.deepEqual(prefillFor(['community'], PLACES, 'gone'), {})
  assert.deepEqual(prefillFor(['community'], PLACES, null), {})
  assert.deepEqual(prefillFor([], PLACES, 'c1'), {})
})

test('none assigned: every community is open', () => {
  assert.deepEqual(myPlaces(world).flatMap((group) => group.places.map(({ code }) => code)), ['c1', 'c2'])
  assert.deepEqual(myPlaces({ ...world, mine: ['c2'] })[0].places.map(({ code }) => code), ['c2'])
  assert.deepEqual(myPlaces({ ...world, places: [] }), [])
  // Of a tree whose branches are not equally deep, whatever has nothing under it.
  const village = { code: 'v', names: { zh: '村' }, parent: 'd', level: 1 }
  assert.deepEqual(myPlaces({ ...world, places: [...world.places, village] }).flatMap((group) => group.places.map(({ code }) => code)), ['c1', 'c2', 'v'])
})

test('names fall back', () => {
  assert.equal(nameIn({ en: 'Subdistrict' }, 'en', 'x'), 'Subdistrict')
  assert.equal(nameIn({ en: 'Subdistrict' }, 'zh', '街道'), '街道')
  assert.equal(nameIn({ en: 'Subdistrict' }, 'zh', ''), 'Subdistrict')
  assert.equal(nameIn(undefined, 'zh', 'code'), 'code')
})

test('A01: who may write over a draft, and what finishing does', () => {
  assert.equal(decideSave(draft, 3), 'write')
  assert.equal(decideSave(draft, 2), 'fork')
  assert.equal(decideSave(undefined, 3), 'fork')
  assert.equal(decideFinish(draft, 3), 'finish')
  assert.equal(decideFinish(draft, 2), 'finish-and-keep-other')
  assert.equal(decideFinish(undefined, 3), 'fork')
})
