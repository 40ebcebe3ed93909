/** What comes from the supervisor's desk: returned responses as drafts (A73), doors of lists beside the volunteer's own, and visits that wait. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listDoorsAt, newDoor, noted, orderDoors, told, triesOf } from '../../static/field/doors.js'
import { mergeDoors, outcomeOf } from '../../static/field/list-doors.js'
import { makeDocument } from '../../static/field/response.js'
import { draftOf, planReturned } from '../../static/field/returned.js'
import { settled } from '../../static/field/sync/visits.js'
import { Keeper } from '../../static/field/vault/keeper.js'
import { recordKey } from '../../static/field/vault/seal.js'
import { sentWords } from '../../static/field/views/status.js'

const FILES = [{ name: 'a.jpg', path: '/data/photo', size: 3, sha256: 'x', type: 'image/jpeg' }]
const DOCUMENT = {
  id: 'r1', form: 'f', version: '1', model: 'm', base: null, place: 'c1', author: 'u', language: 'English (en)', started_at: '2026-03-28T09:43:10.000+08:00',
  finished_at: '2026-03-28T09:51:44.000+08:00', answers: { name: 'Li', photo: 'a.jpg' }, instance_name: 'Li', files: FILES,
}
const item = (changes = {}) => ({ id: 'r1', form: 'f', version: '1', model: 'm', title: 'Form', revision: 1, reason: 'age of child 2?', returned_at: '2026-03-29T01:00:00.000Z', document: JSON.stringify(DOCUMENT), ...changes })
const draft = (changes = {}) => /** @type {any} */ (draftOf(item(changes), 'u'))
const nothing = { drafts: [], outbox: [], sent: [] }
const none = new Set(/** @type {string[]} */ ([]))

test('A73: a returned response is a draft with its own id, all its answers and the reason', () => {
  const { id, answers, reason, place, name, author, rev, returned } = draft()
  assert.deepEqual({ id, answers, reason, place, name, author, rev }, { id: 'r1', answers: DOCUMENT.answers, reason: 'age of child 2?', place: 'c1', name: 'Li', author: 'u', rev: 1 })
  assert.deepEqual([returned.revision, returned.files], [1, FILES])
  assert.equal(draftOf(item({ document: 'no JSON' }), 'u'), null)
})

test('A73: its correction names the revision, the files that the server has, and the times of the interview', () => {
  const parts = { root: 'data', language: 'en', files: [], device: 'd', now: Date.parse('2026-03-30T00:00:00Z'), offsetAt: () => 480, tz: 'Asia/Shanghai' }
  const { text, fileNames } = makeDocument({ ...parts, draft: draft(), result: { answers: { name: 'Li', photo: 'a.jpg' }, instanceName: 'Li' } })
  const { id, base, started_at, finished_at, corrected_at, files } = JSON.parse(text)
  assert.deepEqual({ id, base, started_at, finished_at }, { id: 'r1', base: 1, started_at: DOCUMENT.started_at, finished_at: DOCUMENT.finished_at })
  assert.equal(corrected_at, '2026-03-30T08:00:00.000+08:00')
  assert.deepEqual(files, FILES)
  // No bytes of it are here, and none are sent.
  assert.deepEqual(fileNames, [])
  // A photo that was taken again takes its place.
  const again = makeDocument({ ...parts, draft: draft(), files: /** @type {any} */ ([{ ...FILES[0], name: 'b.jpg' }]), result: { answers: { photo: 'b.jpg' }, instanceName: '' } })
  assert.deepEqual([again.fileNames, JSON.parse(again.text).files.map((/** @type {any} */ file) => file.name)], [['b.jpg'], ['b.jpg']])
})

for (const [what, kept, open, put, drop, isAll] of /** @type {[string, any, string[], number, number, boolean][]} */ ([
  ['new here', nothing, [], 1, 0, true],
  ['here already', { ...nothing, drafts: [draft()] }, [], 0, 0, true],
  ['returned for another reason before anything was changed', { ...nothing, drafts: [draft({ returned_at: '2026-03-28T01:00:00.000Z' })] }, [], 1, 0, true],
  ['the same while it is on the screen', { ...nothing, drafts: [draft({ revision: 9 })] }, ['r1'], 0, 0, false],
  ['changed by the volunteer', { ...nothing, drafts: [{ ...draft({ revision: 9 }), rev: 2 }] }, [], 0, 0, true],
  ['corrected, and waiting to be sent', { ...nothing, outbox: [{ id: 'r1', base: 1 }] }, [], 0, 0, true],
  ['corrected and sent, but the server does not say so yet', { ...nothing, sent: [{ id: 'r1', base: 1 }] }, [], 0, 0, true],
  ['first sent, files still on their way', { ...nothing, outbox: [{ id: 'r1' }] }, [], 0, 0, false],
  ['first sent', { ...nothing, sent: [{ id: 'r1' }] }, [], 1, 0, true],
])) {
  test(`A73: a returned response that is ${what}`, () => {
    const plan = planReturned([draft()], kept, new Set(open))
    assert.deepEqual([plan.put.length, plan.drop.length, plan.isAll], [put, drop, isAll])
  })
}

test('A73: returned a second time, after a correction, it comes again', () => {
  assert.equal(planReturned([draft({ revision: 2 })], { ...nothing, sent: [{ id: 'r1', base: 1 }] }, none).put.length, 1)
})

test('what the office thought better of goes, unless something was changed in it or it is on the screen', () => {
  const drafts = [draft(), { ...draft({ id: 'r2' }), rev: 2 }, { ...draft({ id: 'r3' }), returned: undefined }]
  assert.deepEqual(planReturned([], { ...nothing, drafts }, none), { put: [], drop: ['r1'], isAll: true })
  assert.deepEqual(planReturned([], { ...nothing, drafts }, new Set(['r1'])), { put: [], drop: [], isAll: false })
})

test('A73: a correction that arrived says so', () => {
  assert.equal(sentWords('revision_stored', true).key, 'status.resubmitted')
  assert.equal(sentWords('stored').key, 'status.safe')
})

const entry = (changes = {}) => ({ key: 'H1', place: 'p', label: '3-201', note: 'dog', state: 'open', attempts: 0, call_at: null, response: null, ...changes })
const lists = (/** @type {any[]} */ ...entries) => [{ id: '7', name: 'Households', form: 'f', entries }]
let count = 0
const about = { author: 'u', now: 5, uuid: () => `door${(count += 1)}` }
const merged = (/** @type {any[]} */ doors, /** @type {any[]} */ found) => mergeDoors(doors, found, about)

test('doors of a list come beside the volunteer\'s own, as the office has them', () => {
  const own = newDoor({ id: 'own', author: 'u', place: 'p', label: '3-201', note: '' }, 1)
  const { put, drop } = merged([own], lists(entry(), entry({ key: 'H2', state: 'done', attempts: 2, response: 'r' }), entry({ key: 'H3', state: 'flew away' })))
  assert.deepEqual(drop, [])
  assert.deepEqual(put.map(({ list_id, list_key, list_name, form, state, tries, origin }) => [list_id, list_key, list_name, form, state, tries, origin]), [
    ['7', 'H1', 'Households', 'f', 'open', 0, 'list'],
    ['7', 'H2', 'Households', 'f', 'visited', 2, 'list'],
    ['7', 'H3', 'Households', 'f', 'open', 0, 'list'],
  ])
  assert.deepEqual(listDoorsAt([own, ...put], 'p'), { count: 3, left: 2 })
  // Nothing new: nothing to write.
  assert.deepEqual(merged([own, ...put], lists(entry(), entry({ key: 'H2', state: 'done', attempts: 2, response: 'r' }), entry({ key: 'H3', state: 'flew away' }))), { put: [], drop: [] })
})

test('labels follow; what the volunteer noted stands until the server has it; what left its list goes', () => {
  const [door] = merged([], lists(entry())).put
  const visited = told(noted(door, 'refused', 10), 'v1')
  const [next] = merged([visited], lists(entry({ label: '3-202', state: 'nobody_home', attempts: 1 }))).put
  assert.deepEqual([next.label, next.state, next.visits?.length, next.id], ['3-202', 'refused', 1, door.id])
  assert.deepEqual(merged([visited], []).drop, [])
  assert.deepEqual(merged([door], []).drop, [door])
  const [after] = merged([settled(visited, new Map([['v1', 'stored']]))], lists(entry({ state: 'done', attempts: 3 }))).put
  assert.deepEqual([after.state, after.tries], ['visited', 3])
})

test('a visit waits with its outcome, undoing is one more, and their times tell the order', () => {
  const [door] = merged([], lists(entry({ attempts: 1 }))).put
  const first = told({ ...noted(door, 'call_again', 10, 99), response: 'r' }, 'v1')
  const undone = told({ ...door, visits: first.visits }, 'v2', { isTakenBack: true, at: 10 })
  assert.deepEqual(undone.visits, [
    { id: 'v1', at: 10, outcome: 'call_again', call_at: 99, response: 'r' },
    { id: 'v2', at: 11, outcome: 'open', call_at: null, response: null },
  ])
  assert.deepEqual([triesOf(first), triesOf(undone)], [2, 1])
  assert.equal(outcomeOf('visited'), 'done')
  const own = newDoor({ id: 'own', author: 'u', place: 'p', label: 'x', note: '' }, 1)
  assert.equal(told(noted(own, 'moved', 10), 'v').visits, undefined)
})

test('a receipt settles a visit; one that the server did not take says why, and is sent again when the door is there', () => {
  const [door] = merged([], lists(entry())).put
  const waiting = told(told(noted(door, 'nobody_home', 10), 'v1'), 'v2', { at: 20 })
  const next = settled(waiting, new Map([['v1', 'already_stored'], ['v2', 'unknown_door']]))
  assert.deepEqual([next.tries, next.visits?.map(({ id, status }) => [id, status])], [1, [['v2', 'unknown_door']]])
  const [again] = merged([next], lists(entry())).put
  assert.deepEqual(again.visits?.map(({ status }) => status), [undefined])
})

test('doors come in the order of their list', () => {
  const { put } = merged([], lists(entry({ key: 'b', label: '9' }), entry({ key: 'a', label: '1' })))
  assert.deepEqual(orderDoors([...put].reverse()).map(({ label }) => label), ['9', '1'])
})

test('with a PIN what the office wrote lies sealed: reason and answers, a door\'s label and key', async () => {
  const key = await recordKey(crypto.getRandomValues(new Uint8Array(32)))
  const vault = { user: 'u', made_at: 1 }
  const keeper = new Keeper(/** @type {any} */ ({ read: async () => vault }), /** @type {any} */ (vault), key)
  const [door] = merged([], lists(entry())).put
  const sealed = await keeper.seal(draft())
  const [sealedDoor, sealedDraft] = [await keeper.seal(door), sealed]
  assert.ok(!/age of child|"Li"/.test(JSON.stringify(sealedDraft)))
  assert.ok(!/3-201|H1/.test(JSON.stringify({ ...sealedDoor, sealed: null })))
  const shown = await keeper.shown({ drafts: [sealedDraft], doors: [sealedDoor] })
  assert.deepEqual([shown.drafts[0].reason, shown.doors[0].list_key, shown.doors[0].label], ['age of child 2?', 'H1', '3-201'])
  assert.equal((await keeper.open(sealedDraft)).reason, 'age of child 2?')
})
