import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import { calculate, fill, group, host, int, model, repeat, text } from './models.js'

/** @param {any} form */
function outline(form) {
  return form.pages().map((/** @type {any} */ page) => [page.node.path, page.nodes.map((/** @type {any} */ node) => node.name).join(' '), page.titles.join(' > ')])
}

test('a page for each question, one for a field-list, one for a repeat before its rows', () => {
  const form = createForm(
    model(
      [
        text('a'),
        calculate('hidden', '1'),
        group('g', [text('b'), group('list', [text('c'), group('inner', [text('d')]), repeat('r', [text('e')]), text('gone', { relevant: 'false()' })], { appearance: 'w1 field-list', label: 'list' })], { label: 'g' }),
        repeat('m', [text('name'), int('age', { relevant: "../name != ''" })], { label: 'm' }),
        repeat('k', [text('x'), text('y')], { count: '2', appearance: 'field-list' }),
        group('empty', []),
      ],
      { texts: { g: 'Group', list: 'List', m: 'Member' } },
    ),
    host(),
  )
  form.addRow(form.find('/data/m'))
  form.addRow(form.find('/data/m'))
  form.addRow(form.find('/data/g/list/r'))
  fill(form, { '/data/m[2]/name': 'Ana' })
  assert.deepEqual(outline(form), [
    ['/data/a', 'a', ''],
    ['/data/g/b', 'b', 'Group'],
    ['/data/g/list', 'c d r', 'Group > List'],
    ['/data/m', 'm', ''],
    ['/data/m[1]/name', 'name', 'Member 1'],
    ['/data/m[2]/name', 'name', 'Member 2'],
    ['/data/m[2]/age', 'age', 'Member 2'],
    ['/data/k[1]', 'x y', ''],
    ['/data/k[2]', 'x y', ''],
  ])
  const ids = form.pages().map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
})

test('a row whose label holds its own values is not numbered', () => {
  const form = createForm(model([repeat('m', [text('name')], { label: 'm' })], { texts: { m: ['Member ', { value: ' /data/m/name ' }] } }), host())
  form.addRow(form.find('/data/m'))
  fill(form, { '/data/m[1]/name': 'Ana' })
  assert.equal(outline(form)[1][2], 'Member Ana')
})

test('rows of a fixed repeat follow one another, without a page to add them on', () => {
  const form = createForm(model([repeat('m', [text('name')], { fixed: true }), text('end')]), host(), { answers: { m: [{ name: 'Ana' }, { name: 'Ben' }] } })
  assert.deepEqual(outline(form).map(([path]) => path), ['/data/m[1]/name', '/data/m[2]/name', '/data/end'])
})
