/** What of getting started can be said without a page: which browser it is, and what a link holds. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserKind } from '../../static/field/views/install.js'
import { tokenIn } from '../../static/field/views/link.js'

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1'
const IPAD = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15'
const ANDROID = 'Mozilla/5.0 (Linux; Android 12; Cheap) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36'

for (const [agent, touchPoints, kind] of /** @type {[string, number, string][]} */ ([
  [ANDROID, 5, 'android'],
  [IPHONE, 5, 'ios'],
  [IPAD, 5, 'ios'],
  [IPAD, 0, 'android'],
  [`${ANDROID} MicroMessenger/8.0.40`, 5, 'wechat'],
  [`${IPHONE} MicroMessenger/8.0.40`, 5, 'wechat'],
])) {
  test(`${agent.slice(13, 45)}… with ${touchPoints} fingers is ${kind}`, () => assert.equal(browserKind(agent, touchPoints), kind))
}

for (const [text, token] of [
  ['https://survey.example.org/join/dpUo-X7Qk_2t', 'dpUo-X7Qk_2t'],
  [' 您的链接：http://10.0.0.5:8000/join/abc，请打开 ', 'abc'],
  ['https://survey.example.org/app/', ''],
  ['', ''],
]) {
  test(`the token of "${text}" is "${token}"`, () => assert.equal(tokenIn(text), token))
}
