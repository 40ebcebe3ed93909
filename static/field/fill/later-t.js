/** `t` for what is fetched after the first question: whoever takes it from here has the words that only such parts say. */

import { fillLater } from '../i18n/fill-later-zh.js'
import { addChinese, t as say } from '../i18n/i18n.js'

addChinese(fillLater)

export const t = say
