/** The browser's own offer to put the client on the home screen. It comes once, early, and is kept until the volunteer wants it. */

import { noteDone } from './views/steps.js'

/** @type {any} */
let offer = null

/** Keeps the offer, and notes when the client is on the home screen. */
export function keepOffer() {
  addEventListener('beforeinstallprompt', (event) => {
    // Else the browser asks at a moment of its own choosing.
    event.preventDefault()
    offer = event
  })
  addEventListener('appinstalled', () => noteDone('install'))
  if (isInstalled()) noteDone('install')
}

/** Whether the client was opened from the home screen. */
export function isInstalled() {
  return matchMedia('(display-mode: standalone)').matches || /** @type {any} */ (navigator).standalone === true
}

/** Whether the browser offers it. */
export function hasOffer() {
  return offer !== null
}

/** Lets the browser ask. Gives whether the answer was yes; an offer is good for one question. @returns {Promise<boolean>} */
export async function takeOffer() {
  const taken = offer
  offer = null
  await taken.prompt()
  return (await taken.userChoice).outcome === 'accepted'
}
