/**
 * `node tests/engine/vectors.mjs FILE.jsonl [--host v8|chromium]`: runs a file of expression vectors, prints a line for
 * each failure and at last `N passed, M failed`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runVector } from './vectors.js'

const file = process.argv.slice(2).find((argument, index, all) => !argument.startsWith('--') && all[index - 1] !== '--host')
if (file === undefined) {
  process.stderr.write('usage: node tests/engine/vectors.mjs FILE.jsonl [--host v8|chromium]\n')
  process.exit(2)
}

if (process.argv.includes('--host')) {
  const isBrowser = process.argv[process.argv.indexOf('--host') + 1] === 'chromium'
  const script = fileURLToPath(new URL(isBrowser ? './vectors_browser.py' : './vectors_host.py', import.meta.url))
  const own = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url))
  const python = process.env.PYTHON ?? (existsSync(own) ? own : 'python3')
  const { status } = spawnSync(python, [script, file], { stdio: 'inherit' })
  process.exit(status ?? 2)
}

let passed = 0
let failed = 0
for (const line of readFileSync(file, 'utf8').split('\n')) {
  if (line.trim() === '') continue
  const vector = JSON.parse(line)
  process.env.TZ = vector.tz ?? 'UTC'
  const outcome = runVector(vector, {
    now: () => Date.now(),
    offset: (ms) => -new Date(ms).getTimezoneOffset(),
    random: Math.random,
    uuid: () => crypto.randomUUID(),
  })
  if (outcome === null) passed += 1
  else {
    failed += 1
    console.log(`${vector.id}: ${vector.expr} gives ${outcome}, not ${JSON.stringify(vector.expect)}`)
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
