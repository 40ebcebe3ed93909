/** @import { Message } from './i18n.js' */

/** Words of a date that is chosen step by step, in Chinese. @type {Record<string, Message>} */
export const steps = {
  'steps.decade': '哪个年代？',
  'steps.decade_name': '{year} 年代',
  'steps.year': '哪一年？',
  'steps.month': '{year} 年的哪个月？',
  'steps.day': '{month}的哪一天？',
  'steps.back': '返回上一步',
  'steps.calendar': '用手机日历选择',
}
