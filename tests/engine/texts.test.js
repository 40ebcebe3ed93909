import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForm } from '../../static/engine/form.js'
import '../../static/engine/functions/rare.js'
import { calculate, fill, host, model, text, valueAt } from './models.js'

const languages = [{ name: '中文 (zh)', code: 'zh' }, { name: 'English (en)', code: 'en' }]
const shape = model([text('name', { label: 'name:label', hint: 'name:hint' }), text('age', { label: 'age:label' }), calculate('day', "format-date('2006-03-28', '%e %b')")], {
  form: { languages, default_language: '中文 (zh)' },
  texts: {
    '中文 (zh)': { 'name:label': '姓名', 'name:hint': { text: '全名', guidance: '身份证上的名字' }, 'age:label': ['', { value: ' /data/name ' }, '的年龄'] },
    'English (en)': { 'name:label': { text: 'Name', image: 'name.png' }, 'age:label': ['Age of ', { value: ' /data/name ' }] },
  },
})

test('texts in the chosen language, the default where one is missing', () => {
  const form = createForm(shape, host(), { language: 'English (en)' })
  const [name, age] = [form.find('/data/name'), form.find('/data/age')]
  fill(form, { '/data/name': '王' })
  assert.deepEqual([form.text(name, 'label'), form.text(name, 'hint'), form.text(name, 'guidance')], ['Name', '全名', '身份证上的名字'])
  assert.equal(form.text(age, 'label'), 'Age of 王')
  assert.equal(form.media(name).image, 'name.png')
  /** @type {number[]} */
  const told = []
  form.onChange((nodes) => told.push(nodes.size))
  form.setLanguage('中文 (zh)')
  assert.equal(form.text(age, 'label'), '王的年龄')
  assert.equal(form.language, '中文 (zh)')
  assert.equal(valueAt(form, '/data/name'), '王')
  assert.ok(told[0] >= 3)
  form.setLanguage('Klingon')
  assert.equal(form.language, '中文 (zh)')
})

test('an unknown language opens in the default one', () => {
  assert.equal(createForm(shape, host(), { language: 'xx' }).language, '中文 (zh)')
})
