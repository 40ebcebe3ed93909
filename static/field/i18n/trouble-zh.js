/** @import { Message } from './i18n.js' */

/** Messages for a phone on which the client cannot work, in Chinese. @type {Record<string, Message>} */
export const trouble = {
  'trouble.insecure': '请用 https 地址打开',
  'trouble.insecure_why': '本应用需要加密地址（以 https:// 开头），否则手机无法核对已保存的问卷。请向负责人索取新的链接。',
  'trouble.storage': '此浏览器无法保存问卷',
  'trouble.storage_why': '浏览器不允许保存数据，可能是处于无痕模式。请用普通窗口或另一个浏览器重新打开链接。',
  'trouble.blocked': '请关闭本应用的其他标签页',
  'trouble.blocked_why': '应用正在更新，另一个标签页仍在使用旧版本。关闭它后会自动继续，数据不会丢失。',
}
