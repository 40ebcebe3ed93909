import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../static/engine/', import.meta.url))
const files = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.js'))
const sources = new Map(files.map((name) => [name, readFileSync(folder + name, 'utf8')]))

test('the files can be joined: no name stands at the top of two of them', () => {
  /** @type {Map<string, string>} */
  const homes = new Map()
  for (const [file, source] of sources) {
    for (const [, name] of source.matchAll(/^(?:export )?(?:function\*?|class|const|let) (\w+)/gm)) {
      assert.equal(homes.get(name), undefined, `${name} is in ${file} and ${homes.get(name)}`)
      homes.set(name, file)
    }
  }
  assert.ok(homes.has('createForm'))
})

test('the files are plain: named exports, plain imports, nothing that the server lacks, no circles', () => {
  for (const [file, source] of sources) {
    const code = source.replace(/\/\*\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
    assert.doesNotMatch(code, /export default|import \*|\bimport\(|^import .* as |export \{/m, file)
    assert.doesNotMatch(code, /\b(?:document|window|globalThis|fetch|Date|Intl|crypto|TextEncoder|console|setTimeout|Math\.random)\b/, file)
  }
  const imports = new Map([...sources].map(([file, source]) => [file, [...source.matchAll(/^import .*'(.*)'$/gm)].map(([, name]) => new URL(name, `file:///${file}`).pathname.slice(1))]))
  /** @param {string} file @param {string[]} trail */
  const visit = (file, trail) => {
    assert.ok(!trail.includes(file), [...trail, file].join(' -> '))
    for (const next of imports.get(file) ?? []) visit(next, [...trail, file])
  }
  for (const file of files) visit(file, [])
})
