/** What a receipt allows (A09, A03): nothing leaves the phone on a weaker word. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filesStillToSend, isKeptAside, mayLeave, receiptFor } from '../../static/field/sync/receipts.js'

const entry = /** @type {any} */ ({ id: 'r1', hash: 'aa', status: 'waiting', receipt: null })
const receipt = { id: 'r1', hash: 'aa', status: 'stored', revision: 1, missing_files: [] }

for (const [name, answer, isAccepted] of /** @type {[string, any, boolean][]} */ ([
  ['the entry\'s own receipt', { receipts: [receipt] }, true],
  ['its own among others, in any order', { receipts: [{ ...receipt, id: 'r2', hash: 'bb' }, receipt] }, true],
  ['already stored', { receipts: [{ ...receipt, status: 'already_stored' }] }, true],
  ['a further revision', { receipts: [{ ...receipt, status: 'revision_stored' }] }, true],
  ['quarantined with its id', { receipts: [{ ...receipt, status: 'quarantined' }] }, true],
  ['deleted by a supervisor', { receipts: [{ ...receipt, status: 'deleted' }] }, true],
  ['another id', { receipts: [{ ...receipt, id: 'r2' }] }, false],
  ['another content', { receipts: [{ ...receipt, hash: 'bb' }] }, false],
  ['a status that the protocol does not have', { receipts: [{ ...receipt, status: 'ok' }] }, false],
  ['no receipts', { receipts: [] }, false],
  ['nulls', { receipts: [null] }, false],
  ['no list', { receipts: 'stored' }, false],
  ['nothing', null, false],
])) {
  test(`A09: ${name} ${isAccepted ? 'counts' : 'does not count'}`, () => {
    assert.equal(receiptFor(entry, answer) !== null, isAccepted)
  })
}

test('quarantined without an id is kept aside: not dropped, not sent for ever', () => {
  const answer = { receipts: [{ id: null, hash: 'aa', status: 'quarantined' }] }
  assert.equal(receiptFor(entry, answer), null)
  assert.equal(isKeptAside(entry, answer), true)
  assert.equal(isKeptAside(entry, { receipts: [{ id: null, hash: 'bb', status: 'quarantined' }] }), false)
})

test('A24: only the files that the server lacks are sent', () => {
  assert.deepEqual(filesStillToSend({ ...receipt, missing_files: ['b'] }, ['a', 'b']), ['b'])
  assert.deepEqual(filesStillToSend({ id: 'r1', hash: 'aa', status: 'stored' }, ['a', 'b']), ['a', 'b'])
})

test('A03: the three photos that arrived are not sent again with the next revision', () => {
  const names = ['p1', 'p2', 'p3', 'p4', 'p5']
  assert.deepEqual(filesStillToSend({ ...receipt, status: 'revision_stored', revision: 2, missing_files: ['p4', 'p5'] }, names), ['p4', 'p5'])
})

test('of a response that a supervisor deleted no file is sent', () => {
  assert.deepEqual(filesStillToSend({ ...receipt, status: 'deleted', missing_files: ['a'] }, ['a', 'b']), [])
  assert.deepEqual(filesStillToSend({ id: 'r1', hash: 'aa', status: 'deleted' }, ['a']), [])
})

test('an entry leaves only with its receipt and without files left', () => {
  const arrived = { ...entry, status: 'sent', receipt: { status: 'stored', message: '' } }
  assert.equal(mayLeave(arrived, []), true)
  assert.equal(mayLeave(arrived, ['a']), false)
  assert.equal(mayLeave(entry, []), false)
})
