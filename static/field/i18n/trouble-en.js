/** @import { Message } from './i18n.js' */

/** Messages for a phone on which the client cannot work, in English. @type {Record<string, Message>} */
export const trouble = {
  'trouble.insecure': 'Please open the https address',
  'trouble.insecure_why': 'The app needs an address that begins with https://, or the phone cannot check what it keeps. Ask your supervisor for a new link.',
  'trouble.storage': 'This browser cannot keep responses',
  'trouble.storage_why': 'Perhaps the window is private. Open the link in an ordinary window or another browser.',
  'trouble.blocked': 'Please close the other tabs of this app',
  'trouble.blocked_why': 'The app is being updated while another tab uses the old version. It goes on once that tab is closed. Nothing is lost.',
}
