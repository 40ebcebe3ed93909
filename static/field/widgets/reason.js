import { el } from '../dom.js'
import { t } from '../i18n/i18n.js'

/** Kept once a picture was taken here: the phone asks for its camera only once. */
const USED_KEY = 'camera-used'

/**
 * Gives the sentence that says why the phone is about to ask for something, and what to tap. It is there only while the browser would ask;
 * a browser that does not tell gets the sentence too.
 *
 * @param {'geolocation'|'microphone'|'camera'} name as the browser calls the permission
 * @returns {HTMLElement}
 */
export function reasonFor(name) {
  const reason = sentence(`widget.why_${name}`)
  reason.hidden = true
  showWhileAsking(reason, name).catch(() => { reason.hidden = false })
  return reason
}

/**
 * Gives the sentence of a photo or a film. The camera that a file picker opens is the phone's own, of which the browser tells nothing: the sentence
 * is there until a first picture was taken on this phone.
 *
 * @returns {{element: HTMLElement, used: () => void}} `used` takes it away for good
 */
export function cameraReason() {
  const element = sentence('widget.why_picture')
  element.hidden = wasUsed()
  return {
    element,
    used: () => {
      element.hidden = true
      try {
        localStorage.setItem(USED_KEY, '1')
      } catch {
        // A full phone is told the reason again.
      }
    },
  }
}

/** @param {string} key */
function sentence(key) {
  return el('p', { class: 'reason soft' }, t(key))
}

/**
 * @param {HTMLElement} reason
 * @param {string} name
 */
async function showWhileAsking(reason, name) {
  const status = await navigator.permissions.query({ name: /** @type {PermissionName} */ (name) })
  const show = () => { reason.hidden = status.state !== 'prompt' }
  status.addEventListener('change', show)
  show()
}

function wasUsed() {
  try {
    return localStorage.getItem(USED_KEY) !== null
  } catch {
    return false
  }
}
