/** Markdown and the HTML that ODK allows in labels, read into a tree of marks. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasMarks } from '../../static/field/fill/marks.js'
import { parse, plain, quote, readAsMarkup } from '../../static/field/fill/markup.js'

/** A text's marks in short: `strong(a)`, with what else a mark has in brackets. @param {any} mark @returns {string} */
function short(mark) {
  if (typeof mark === 'string') return mark
  const { tag, style = {}, href = '', children } = mark
  const more = [...Object.entries(style).map(([name, value]) => `${name}: ${value}`), ...(href ? [href] : [])].join('; ')
  return `${tag}${more && `[${more}]`}(${children.map(short).join('')})`
}

for (const [text, expected] of [
  ['plain text', 'plain text'],
  ['# Title', 'h1(Title)'],
  ['###### Small ##\nbelow', 'h6(Small)below'],
  ['#1 in the list', '#1 in the list'],
  ['before\n## Head\nafter', 'before\nh2(Head)after'],
  ['*a* _b_ **c** __d__ ***e***', 'em(a) em(b) strong(c) strong(d) strong(e)'],
  ['请**选择**一项', '请strong(选择)一项'],
  ['**bold *and* more**', 'strong(bold em(and) more)'],
  ['my_first_name and a__b__c', 'my_first_name and a__b__c'],
  ['Name: ________, ____', 'Name: ________, ____'],
  ['2 * 3 * 4, **open', '2 * 3 * 4, **open'],
  ['\\# \\*a\\* \\_b\\_ \\\\ \\<b>', '# *a* _b_ \\ <b>'],
  ['[site](https://example.org/a?b=c)', 'a[https://example.org/a?b=c](site)'],
  ['[site](www.example.org)', 'a[https://www.example.org](site)'],
  ['[Li](tel:+86123)', 'a[tel:+86123](Li)'],
  ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
  ['<a href="javascript:alert(1)">x</a>', '<a href="javascript:alert(1)">x'],
  ['<a href="https://example.org" onclick="x()" target="_self">x</a>', 'a[https://example.org](x)'],
  ['<span style="color:red">red</span>', 'span[color: red](red)'],
  ['<span style="font-family: cursive; COLOR: #00800A">x</span>', 'span[font-family: cursive; color: #00800a](x)'],
  ['<span style=“color:red”>curly</span>', 'span[color: red](curly)'],
  ['<span style="position:fixed; background:url(x); color:expression(alert(1))/**/">x</span>', 'span(x)'],
  ['<font color="green">x</font>', 'span[color: green](x)'],
  ['<p style="text-align:center">A</p> <p>B</p>\nC', 'p[text-align: center](A)p(B)C'],
  ['<center>x</center>', 'center[text-align: center](x)'],
  ['<b>b</b><i>i</i><u>u</u> H<sub>2</sub>O m<sup>2</sup> <small>s</small> <del>d</del>', 'b(b)i(i)u(u) Hsub(2)O msup(2) small(s) s(d)'],
  ['a<br>b<br/>\nc', 'a\nb\nc'],
  ['<H2>Loud</H2>', 'h2(Loud)'],
  ['* one\n* **two**\nafter', 'li(one)li(strong(two))after'],
  ['- None -', '- None -'],
  ['<ul><li>a</li><li>b</li></ul>', 'ul(li(a)li(b))'],
  ['# <span style="color:red">Title\n</span>below', 'h1(span[color: red](Title))below'],
  ['unclosed <b>bold', 'unclosed b(bold)'],
  ['stray</b> end', 'stray end'],
  ['crossed <b>a <i>b</b> c</i>', 'crossed b(a i(b)) c'],
  ['a < b and c > d, x<y and z>w', 'a < b and c > d, x<y and z>w'],
  ['a&nbsp;b &lt;b&gt; &amp; &unknown;', 'a\u00a0b <b> & &unknown;'],
]) {
  test(`reads ${JSON.stringify(text)}`, () => assert.equal(parse(text).map(short).join(''), expected))
}

for (const text of ['<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '<svg onload=alert(1)>', '<iframe src="https://example.org"></iframe>', '<style>*{}</style>']) {
  test(`A82: ${text} is text`, () => assert.equal(parse(text).map(short).join(''), text))
}

for (const value of ['**b**', '<b>x</b>', '# 1\n- a\n- b', '[x](https://example.org)', 'back\\slash _a_ &lt;', '+ 1\n+ 2']) {
  test(`the value ${JSON.stringify(value)} is never read as marks`, () => {
    assert.equal(parse(`Hello ${quote(value)}!`).map(short).join(''), `Hello ${value}!`)
    assert.equal(parse(`**${quote(value)}**`).map(short).join(''), `strong(${value})`)
  })
}

test('the words without marks', () => {
  assert.equal(plain('# Title\n\nSome **bold** <span style="color:red">red</span> words'), 'Title\nSome bold red words')
  assert.equal(plain('1. Which?'), '1. Which?')
})

test('a hostile text is read in time that grows with its length', () => {
  assert.equal(plain('*a '.repeat(2000)).length, 6000 - 1)
  assert.equal(plain('<b '.repeat(2000)).length, 6000 - 1)
  assert.equal(plain('['.repeat(5000)).length, 5000)
})

test('a form read as markup gives plain words, and values that stay as they are', () => {
  const raw = /** @type {any} */ ({
    text: (/** @type {any} */ node, /** @type {string} */ what, quoted = (/** @type {string} */ value) => value) => `**${what}** ${quoted('*v*')}`,
    display: (/** @type {any} */ node) => ('itemset' in node.def ? '<b>Yes</b>' : node.value),
    choices: () => [{ value: 'y', label: '<b>Yes</b>' }, { value: 'n', label: 'No' }],
  })
  const form = readAsMarkup(raw)
  const typed = /** @type {any} */ ({ def: {}, value: '**typed**' })
  assert.equal(form.text(typed, 'label'), 'label *v*')
  assert.equal(form.marks?.text(typed, 'label'), '**label** \\*v\\*')
  assert.equal(form.display(typed), '**typed**')
  assert.equal(form.display(/** @type {any} */ ({ def: { itemset: {} } })), 'Yes')
  assert.deepEqual(form.choices(typed), [{ value: 'y', label: 'Yes', marked: '<b>Yes</b>' }, { value: 'n', label: 'No' }])
})

for (const [text, isMarked] of /** @type {[string, boolean][]} */ ([
  ['**a**', true], ['an *em* word', true], ['an _em_ word', true], ['# Title', true], ['line\n## Title', true], ['<b>x</b>', true], ['<br/>', true],
  ['<span style="color:red">', true], ['[a](https://b.c)', true], ['\\*', true], ['a&nbsp;b', true], ['- a\n- b', true],
  ['my_name_is', false], ['2 * 3', false], ['a < b', false], ['#1', false], ['- None -', false], ['a [b] (c)', false],
])) {
  test(`${JSON.stringify(text)} ${isMarked ? 'asks' : 'does not ask'} for the reader of marks`, () => {
    assert.equal(hasMarks(JSON.stringify({ name: '__version__', label: text, relevant: '. < 3 and /data/a_b * 2 > 1' })), isMarked)
  })
}
