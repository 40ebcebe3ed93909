import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import { RARE_NAMES } from '../../static/engine/functions/rare.js'
import { callsRareFunctions } from '../../static/field/rare-functions.js'

test('every rare function is seen in a model that calls it', () => {
  for (const name of RARE_NAMES) {
    assert.ok(callsRareFunctions(JSON.stringify({ calculate: `concat('x', ${name} ( /data/a ))` })), name)
  }
  assert.ok(!callsRareFunctions(JSON.stringify({ calculate: "concat(/data/area, 'digest')" })))
})

test('with them there, a form calculates by them', () => {
  const question = { kind: 'question', name: 'd', type: 'string', calculate: "digest('abc', 'MD5', 'hex')" }
  const form = { id: 'a', version: '', title: '', languages: [{ name: 'default', code: '' }], default_language: 'default', style: '', place_path: [] }
  const model = { model: 1, form, root: { kind: 'group', name: 'data', children: [question] }, texts: { default: {} }, lists: {}, actions: [] }
  const host = { now: () => 0, offset: () => 0, random: () => 0, uuid: () => '', properties: {} }
  assert.equal(createForm(/** @type {any} */ (model), host, {}).find('/data/d')?.value, '900150983cd24fb0d6963f7d28e17f72')
})
