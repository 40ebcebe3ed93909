import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import { calculate, fill, group, host, list, model, repeat, select1, text, valueAt } from './models.js'

const places = {
  region: list(['north', 'south']),
  district: list(['n1', 'n2', 's1'], { region: ['north', 'north', 'south'] }),
  community: list(['n1a', 'n2a', 's1a'], { district: ['n1', 'n2', 's1'] }),
}

function cascade() {
  return model(
    [
      select1('region', "instance('region')/root/item"),
      select1('district', "instance('district')/root/item[region = /data/region ]", { required: 'true()' }),
      select1('community', "instance('community')/root/item[district= /data/district ]", { required: 'true()' }),
    ],
    { lists: places },
  )
}

test('A30 a change high in a cascade empties all below that no longer fits', () => {
  const form = createForm(cascade(), host())
  fill(form, { '/data/region': 'north', '/data/district': 'n1', '/data/community': 'n1a' })
  assert.deepEqual(form.problems(), [])
  fill(form, { '/data/region': 'south' })
  assert.deepEqual(form.answers(), { region: 'south' })
  assert.deepEqual(form.problems().map(({ node }) => node.name), ['district', 'community'])
  assert.deepEqual(form.choices(form.find('/data/district')).map(({ value }) => value), ['s1'])
})

test('A31 a filter that still gives the answer leaves it', () => {
  const form = createForm(
    model(
      [text('liked', { control: 'select' }), select1('favourite', "instance('fruit')/root/item[selected( /data/liked , name)]")],
      { lists: { fruit: list(['apple', 'pear', 'banana', 'plum']) } },
    ),
    host(),
  )
  fill(form, { '/data/liked': 'apple pear banana', '/data/favourite': 'apple' })
  fill(form, { '/data/liked': 'apple pear banana plum' })
  assert.equal(valueAt(form, '/data/favourite'), 'apple')
  fill(form, { '/data/liked': 'pear' })
  assert.equal(valueAt(form, '/data/favourite'), '')
})

test('A30 of several answers only those go that no longer fit', () => {
  const form = createForm(
    model([text('region'), select1('seen', "instance('district')/root/item[region = /data/region or /data/region = 'all']", { control: 'select' })], { lists: places }),
    host(),
  )
  fill(form, { '/data/region': 'all', '/data/seen': 'n1 s1 n2' })
  fill(form, { '/data/region': 'north' })
  assert.equal(valueAt(form, '/data/seen'), 'n1 n2')
})

test('a cascade in a repeat looks at its own row', () => {
  const form = createForm(
    model(
      [
        repeat('trip', [
          select1('region', "instance('region')/root/item"),
          select1('district', "instance('district')/root/item[region = current()/../region ]"),
        ]),
      ],
      { lists: places },
    ),
    host(),
  )
  const trips = form.find('/data/trip')
  form.addRow(trips)
  form.addRow(trips)
  fill(form, { '/data/trip[1]/region': 'north', '/data/trip[2]/region': 'south', '/data/trip[1]/district': 'n2', '/data/trip[2]/district': 's1' })
  assert.deepEqual(form.choices(form.find('/data/trip[2]/district')).map(({ value }) => value), ['s1'])
  fill(form, { '/data/trip[2]/region': 'north' })
  assert.equal(valueAt(form, '/data/trip[1]/district'), 'n2')
  assert.equal(valueAt(form, '/data/trip[2]/district'), '')
})

test('opening a form makes no choices; 30,000 rows are read once, for the index, then only those that are found', () => {
  let read = 0
  const rows = new Proxy(Array.from({ length: 30000 }, (_, row) => [`v${row}`, `Village ${row}`, `d${row % 600}`, `k${row % 2}`]), {
    get: (target, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) read += 1
      return Reflect.get(target, key)
    },
  })
  const form = createForm(
    model([text('d'), select1('village', "instance('v')/root/item[district = /data/d ]"), select1('half', "instance('v')/root/item[k = 'k0' and district = /data/d ]"), calculate('pulled', "pulldata('v', 'label', 'name', /data/village )")], {
      lists: { v: { columns: ['name', 'label', 'district', 'k'], rows } },
    }),
    host(),
  )
  assert.equal(form.find('/data/village').choices, undefined)
  read = 0
  fill(form, { '/data/d': 'd7' })
  form.choices(form.find('/data/village'))
  fill(form, { '/data/village': 'v7' })
  assert.ok(read > 30000)
  read = 0
  fill(form, { '/data/d': 'd8' })
  assert.equal(form.choices(form.find('/data/village')).length, 50)
  fill(form, { '/data/village': 'v8' })
  assert.equal(valueAt(form, '/data/pulled'), 'Village 8')
  assert.ok(read < 1000, `${read} rows were read`)
  // Of two columns the one that leaves fewer decides.
  form.choices(form.find('/data/half'))
  read = 0
  fill(form, { '/data/d': 'd10' })
  assert.equal(form.choices(form.find('/data/half')).length, 50)
  assert.ok(read < 1000, `${read} rows were read`)
})

test('the index and the walk over all items give the same', () => {
  const lists = { n: { columns: ['name', 'label', 'k'], rows: [['a', 'A', '1'], ['b', 'B', '01'], ['c', 'C', 'x'], ['d', 'D', '']] } }
  for (const [filter, names] of /** @type {[string, string[]][]} */ ([
    ["k = '1'", ['a']],
    ['k = 1', ['a', 'b']],
    ["k = 'x' and name = 'c'", ['c']],
    ["name = 'c' and k = 'x' and true()", ['c']],
    ["'x' = k", ['c']],
    ["k = ''", ['d']],
    ['k = /data/q ', ['d']],
    ["not(k = 'x')", ['a', 'b', 'd']],
    ["k = 'x' or name = 'a'", ['a', 'c']],
    ["k != ''][2", ['b']],
    ["k = '1'][1", ['a']],
  ])) {
    const form = createForm(model([text('q'), select1('s', `instance('n')/root/item[${filter}]`)], { lists }), host())
    fill(form, { '/data/q': 'z' })
    fill(form, { '/data/q': '' })
    const found = form.choices(form.find('/data/s')).map(({ value }) => value)
    assert.deepEqual(found, names, filter)
  }
})

test('choices come from rows of a repeat, and display gives their labels', () => {
  const form = createForm(
    model(
      [
        repeat('m', [text('name'), text('age', { type: 'int' })]),
        select1('head', '/data/m[age > 17]', { itemset: { nodeset: '/data/m[age > 17]', value: 'name', label: 'name' } }),
        select1('yn', "instance('yn')/root/item", { control: 'select', itemset: { nodeset: "instance('yn')/root/item", value: 'name', label: 'itextId', is_itext: true } }),
        group('g', []),
      ],
      { texts: { 'yn-0': 'Yes', 'yn-1': { text: 'No', image: 'no.png' } }, lists: { yn: { columns: ['itextId', 'name'], rows: [['yn-0', 'yes'], ['yn-1', 'no']] } } },
    ),
    host(),
  )
  form.addRow(form.find('/data/m'))
  form.addRow(form.find('/data/m'))
  fill(form, { '/data/m[1]/name': 'Ana', '/data/m[1]/age': '40', '/data/m[2]/name': 'Ben', '/data/m[2]/age': '4' })
  assert.deepEqual(form.choices(form.find('/data/head')).map(({ value, label }) => [value, label]), [['Ana', 'Ana']])
  fill(form, { '/data/head': 'Ana', '/data/yn': 'no yes', '/data/m[1]/age': '3' })
  assert.equal(valueAt(form, '/data/head'), '')
  assert.equal(form.display(form.find('/data/yn')), 'No, Yes')
  assert.equal(form.choices(form.find('/data/yn'))[1].media.image, 'no.png')
})
