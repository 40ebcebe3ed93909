/** When a questionnaire is open, on the phone (A16). */

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { outsideWindow } from '../../static/field/window.js'

const TEN = Date.parse('2026-11-25T10:00:00Z')
const MINUTE = 60000

test('a16: a form begins no response before it opens nor after it closes, and says when', () => {
  const form = { opens_at: '2026-11-25T08:00:00.000Z', closes_at: '2026-11-25T10:00:00.000Z' }
  assert.deepEqual(outsideWindow(form, TEN - 121 * MINUTE), { key: 'place.opens', at: TEN - 120 * MINUTE })
  assert.equal(outsideWindow(form, TEN - 10 * MINUTE), null)
  assert.equal(outsideWindow(form, TEN), null)
  assert.deepEqual(outsideWindow(form, TEN + 30 * MINUTE), { key: 'place.closed', at: TEN })
})

test('a form without a window, and one of an older pull, is open', () => {
  assert.equal(outsideWindow({ opens_at: null, closes_at: null }, TEN), null)
  assert.equal(outsideWindow({}, TEN), null)
  assert.equal(outsideWindow({ closes_at: 'some day' }, TEN), null)
})
