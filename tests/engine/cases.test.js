import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { host } from './models.js'
import { runVector } from './vectors.js'

const folder = fileURLToPath(new URL('./cases/', import.meta.url))

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  for (const vector of JSON.parse(readFileSync(folder + file, 'utf8'))) {
    test(`${file}: ${vector.expr}`, () => {
      const outcome = runVector(vector, host({ zone: vector.tz ?? 'UTC' }))
      assert.equal(outcome, null, `gives ${outcome}, not ${JSON.stringify(vector.expect)}`)
    })
  }
}
