import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check } from '../../static/engine/check.js'
import { createForm } from '../../static/engine/form.js'
import { checkExpression } from '../../static/engine/expressions.js'
import { calculate, fill, group, host, int, list, model, repeat, select1, text, valueAt } from './models.js'

test('attributes are questions whose names begin with @, reached by @ steps alone', () => {
  const shape = model([
    text('name'),
    group('meta', [
      group('entity', [
        { kind: 'question', name: '@dataset', type: 'string', default: 'people' },
        calculate('@create', "if( /data/name != '', '1', '')"),
        calculate('@id', "once(uuid())"),
        calculate('label', 'concat( /data/name , " ", ../@dataset)'),
      ]),
    ]),
    calculate('named', 'concat( /data/meta/entity/@dataset , "-", string-length( /data/meta/entity/@id ))'),
    calculate('own', 'count( /data/meta/entity/* )'),
    calculate('attributes', 'count( /data/meta/entity/@* )'),
    calculate('all', 'count(//*)'),
    calculate('called', 'name( /data/meta/entity/@id )'),
  ])
  const form = createForm(shape, host())
  fill(form, { '/data/name': 'Ana' })
  assert.deepEqual(
    ['named', 'own', 'attributes', 'all', 'called'].map((name) => valueAt(form, `/data/${name}`)),
    ['people-36', '1', '3', '10', 'id'],
  )
  const { entity } = /** @type {any} */ (form.finish().answers.meta)
  assert.deepEqual([entity['@dataset'], entity['@create'], entity.label], ['people', '1', 'Ana people'])
  assert.equal(form.find('/data/meta/entity/@id')?.value, entity['@id'])
  assert.equal(checkExpression(shape, '/data/meta/entity/@id', '/data/name'), null)
  assert.equal(checkExpression(shape, '/data/meta/entity/@none', '/data/name')?.code, 'unknown_path')
  assert.deepEqual(check(shape, host(), form.finish().answers).flags, [])
})

test('an attribute that changes is told to what reads it', () => {
  const form = createForm(model([text('a'), group('e', [calculate('@x', ' /data/a ')]), calculate('b', 'concat( /data/e/@x , "!")')]), host())
  fill(form, { '/data/a': '1' })
  assert.equal(valueAt(form, '/data/b'), '1!')
})

test('a row moves with its answers and keeps its id; numbers and what reads them follow', () => {
  const form = createForm(
    model([repeat('m', [text('name'), calculate('n', 'position(..)'), repeat('k', [text('pet')])]), calculate('all', "join(', ', /data/m/name )"), calculate('first', 'indexed-repeat( /data/m/name , /data/m , 1)')]),
    host(),
  )
  const repeatNode = form.find('/data/m')
  const rows = ['A', 'B', 'C'].map((name) => {
    const row = form.addRow(repeatNode)
    form.set(row.children[0], name)
    return row
  })
  form.set(form.addRow(form.find('/data/m[3]/k')).children[0], 'cat')
  assert.deepEqual([form.canMove(rows[0], -1), form.canMove(rows[0], 1), form.canMove(rows[2], 1), form.canMove(rows[2], -1)], [false, true, false, true])
  const ids = rows.map(({ id }) => id)
  /** @type {string[]} */
  let told = []
  form.onChange((nodes) => (told = [...nodes].map(({ path }) => path)))
  form.moveRow(rows[2], -1)
  assert.deepEqual(form.answers(), { m: [{ name: 'A', n: '1' }, { name: 'C', n: '2', k: [{ pet: 'cat' }] }, { name: 'B', n: '3' }], all: 'A, C, B', first: 'A' })
  assert.deepEqual(rows.map(({ path }) => path), ['/data/m[1]', '/data/m[3]', '/data/m[2]'])
  assert.deepEqual(rows.map(({ id }) => id), ids)
  for (const path of ['/data/m', '/data/m[2]', '/data/m[3]', '/data/m[2]/n', '/data/all']) assert.ok(told.includes(path), path)
  assert.ok(!told.includes('/data/m[1]'))
  form.moveRow(rows[2], -1)
  assert.equal(valueAt(form, '/data/first'), 'C')
  assert.throws(() => form.moveRow(rows[2], -1))
})

test('rows that are counted or fixed neither come, go nor move; a fixed repeat without a count has one row', () => {
  const form = createForm(model([repeat('k', [text('q')], { count: '2' }), repeat('f', [text('q', { default: 'x' })], { fixed: true })]), host())
  assert.deepEqual(form.answers(), { k: [{}, {}], f: [{ q: 'x' }] })
  for (const path of ['/data/k', '/data/f']) assert.equal(form.canAdd(form.find(path)), false, path)
  for (const path of ['/data/k[1]', '/data/f[1]']) assert.deepEqual([form.canRemove(form.find(path)), form.canMove(form.find(path), 1)], [false, false], path)
  assert.throws(() => form.moveRow(form.find('/data/k[1]'), 1))
  assert.deepEqual(form.pages().map(({ node }) => node.path), ['/data/k[1]/q', '/data/k[2]/q', '/data/f[1]/q'])
})

test('a list in a file comes from the host; without it the list is empty, until it is there', () => {
  const shape = model([select1('who', "instance('people')/root/item[age > 17]"), calculate('label', "instance('people')/root/item[name = /data/who ]/label"), calculate('pulled', "pulldata('people', 'label', 'name', /data/who )")], {
    lists: { people: { file: 'people.csv', sha256: 'x', size: 1 } },
  })
  const without = createForm(shape, host())
  assert.deepEqual(without.choices(without.find('/data/who')), [])
  const empty = createForm(shape, { ...host(), list: () => null })
  assert.deepEqual(empty.choices(empty.find('/data/who')), [])
  const people = list(['ana', 'ben'], { age: ['40', '4'] })
  const form = createForm(shape, { ...host(), list: (id) => (id === 'people' ? people : null) })
  assert.deepEqual(form.choices(form.find('/data/who')).map(({ value }) => value), ['ana'])
  fill(form, { '/data/who': 'ana' })
  assert.deepEqual([valueAt(form, '/data/label'), valueAt(form, '/data/pulled')], ['ANA', 'ANA'])
})

test('the last finished response is there for defaults, nothing where there is none', () => {
  const shape = model([text('street'), group('g', [text('city')]), repeat('r', [text('q')]), calculate('count', "count(instance('__last-saved')/data/r)")], {
    actions: [
      { event: 'odk-instance-first-load', ref: '/data/street', value: "instance('__last-saved')/data/street" },
      { event: 'odk-instance-first-load', ref: '/data/g/city', value: "concat(instance('__last-saved')/data/g/city, '!')" },
    ],
  })
  assert.deepEqual(createForm(shape, host()).answers(), { g: { city: '!' }, count: '0' })
  const saved = { street: 'Main', g: { city: 'Nanjing' }, r: [{ q: '1' }, { q: '2' }] }
  const form = createForm(shape, { ...host(), lastSaved: saved })
  assert.deepEqual(form.answers(), { street: 'Main', g: { city: 'Nanjing!' }, count: '2' })
  assert.equal(checkExpression(shape, "instance('__last-saved')/data/street", '/data/street'), null)
  // The server has no last response to compare with.
  assert.deepEqual(check(shape, host(), form.finish().answers).flags, [])
})

test('actions of each opening run again with a draft, those of the first do not, and a check runs none', () => {
  const shape = model([int('opened', { default: '0' }), text('first')], {
    actions: [
      { event: 'odk-instance-load', ref: '/data/opened', value: ' /data/opened  + 1' },
      { event: 'odk-instance-first-load', ref: '/data/first', value: "concat( /data/first , 'x')" },
    ],
  })
  const form = createForm(shape, host())
  assert.deepEqual(form.answers(), { opened: '1', first: 'x' })
  const again = createForm(shape, host(), { answers: form.answers() })
  assert.deepEqual(again.answers(), { opened: '2', first: 'x' })
  assert.deepEqual(check(shape, host(), again.finish().answers).flags, [])
})

test('the phone is asked where it is at the start, for a new row and on a change, and the answer comes later', () => {
  const shape = model([text('place', { type: 'geopoint' }), text('a'), text('then', { type: 'geopoint' }), repeat('r', [text('here', { type: 'geopoint' })]), calculate('is', "/data/place != ''")], {
    actions: [
      { event: 'odk-instance-first-load', ref: '/data/place', kind: 'setgeopoint' },
      { event: 'odk-new-repeat', ref: '/data/r/here', kind: 'setgeopoint' },
      { event: 'xforms-value-changed', source: '/data/a', ref: '/data/then', kind: 'setgeopoint' },
    ],
  })
  /** @type {((place: string) => void)[]} */
  const asked = []
  const form = createForm(shape, { ...host(), locate: (answer) => asked.push(answer) })
  assert.equal(asked.length, 1)
  asked[0]('32 118 10 5')
  assert.deepEqual([valueAt(form, '/data/place'), valueAt(form, '/data/is')], ['32 118 10 5', 'true'])
  form.addRow(form.find('/data/r'))
  form.addRow(form.find('/data/r'))
  fill(form, { '/data/a': '1' })
  assert.equal(asked.length, 4)
  asked[2]('33 118 10 5')
  asked[3]('34 118 10 5')
  assert.deepEqual(form.answers().r, [{}, { here: '33 118 10 5' }])
  assert.equal(valueAt(form, '/data/then'), '34 118 10 5')
  const draft = createForm(shape, { ...host(), locate: (answer) => asked.push(answer) }, { answers: form.answers() })
  assert.equal(asked.length, 4)
  assert.equal(valueAt(draft, '/data/place'), '32 118 10 5')
  // A host that cannot tell is not asked.
  createForm(shape, host())
})
