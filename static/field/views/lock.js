/** Who is it? The page before all others where a volunteer has a PIN, or several share the phone. */

import { el, showChildren } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { setPresent } from '../store/profile.js'
import { Api, ApiError } from '../sync/api.js'
import { askSupervisor, dropAsked, readAsked } from '../vault/recovery.js'
import { enterAs, watch } from '../vault/lock.js'
import { readVault, resetPin, unlock } from '../vault/pin.js'
import { fetchWords } from '../vault/words.js'
import { pinForm, refusal } from './pin-form.js'

/** @typedef {import('../application.js').App} App */
/** @typedef {import('../store/types.js').Device} Device */

const POLL_MS = 5000

/** @param {App} app @returns {Promise<import('../router.js').View>} */
export async function openLock(app) {
  await fetchWords()
  app.database.keeper = null
  const came = app.state.device
  const { people } = app.state
  const tiles = el('div', { class: 'tiles' })
  const part = el('div', { class: 'stack' })
  const element = el('main', { class: 'page stack lock' }, el('h1', {}, t('people.who')), tiles, part)
  /** @type {(() => void)} stops what the part shown before still does */
  let stop = () => {}

  /** @param {Device | null} person */
  const choose = async (person) => {
    stop()
    tiles.replaceChildren(...people.map((one) => el('button', { class: 'button button--large', type: 'button', 'aria-pressed': String(one.user.id === person?.user.id), 'data-person': one.user.id, onclick: () => tapped(one) }, one.user.name)))
    part.replaceChildren()
    if (!person || !(await readVault(app.database, person.user.id))) return
    if (await readAsked(app.database, person.user.id)) ask(person)
    else part.replaceChildren(...entrance(person))
  }

  /** @param {Device} person */
  const tapped = async (person) => ((await readVault(app.database, person.user.id)) ? choose(person) : enter(person))

  /** @param {Device} person */
  const enter = async (person) => {
    stop()
    await setPresent(app.database, person.user.id)
    await enterAs(app, came?.user.id === person.user.id)
  }

  /** @param {Device} person */
  const entrance = (person) => [
    pinForm({
      fields: ['pin'],
      button: 'pin.unlock',
      submit: async ({ pin }) => {
        const { id } = person.user
        if (!(await unlock(app.database, id, pin, app.state.world.sealing_key))) return refusal(app.database, id)
        watch(app)
        await enter(person)
        return ''
      },
    }),
    el('button', { class: 'button button--quiet', type: 'button', 'data-action': 'forgot', onclick: () => part.replaceChildren(...forgotten(person)) }, t('pin.forgot')),
  ]

  /** @param {Device} person */
  const forgotten = (person) => [
    el('p', {}, t('pin.forgot_why')),
    el('button', { class: 'button button--primary button--large', type: 'button', 'data-action': 'ask', onclick: () => ask(person) }, t('pin.ask')),
    ...fileOffer(app),
    back(person),
  ]

  /** @param {Device} person */
  const back = (person) => el('button', { class: 'button button--quiet', type: 'button', onclick: async () => {
    stop()
    part.replaceChildren(...entrance(person))
  } }, t('app.back'))

  /** Asks the supervisor and shows how it stands, over and over while this is on the screen. @param {Device} person */
  const ask = async (person) => {
    stop()
    const api = new Api(app.fetch, person.token)
    const words = el('div', { class: 'stack', role: 'status' }, el('p', {}, t('pin.busy')))
    part.replaceChildren(words, ...fileOffer(app), back(person))
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer
    let isOver = false
    stop = () => {
      isOver = true
      clearTimeout(timer)
    }
    const look = async () => {
      const answer = await askSupervisor(api, app.database, person.user.id).catch((/** @type {unknown} */ error) => (error instanceof ApiError && error.status >= 400 && error.status < 500 ? 'pin.failed' : 'pin.no_signal'))
      if (isOver) return
      if (typeof answer === 'string') showChildren(words, [el('p', { class: 'notice notice--warning' }, t(answer))])
      else if (answer.state === 'granted') return part.replaceChildren(...renewal(person, answer.raw))
      else if (answer.state !== 'asked') {
        await dropAsked(app.database, person.user.id)
        return part.replaceChildren(el('p', { class: 'notice notice--warning', role: 'alert' }, t(`pin.${answer.state}`)), ...forgotten(person))
      } else showChildren(words, [el('p', {}, t('pin.number')), el('p', { class: 'lock__number' }, answer.number), el('p', { class: 'soft' }, t('pin.asked'))])
      timer = setTimeout(look, POLL_MS)
    }
    await look()
  }

  /** @param {Device} person @param {Uint8Array<ArrayBuffer>} raw their key */
  const renewal = (person, raw) => [
    el('p', {}, t('pin.granted')),
    el('p', { class: 'soft' }, t('pin.choose')),
    pinForm({
      fields: ['new', 'again'],
      button: 'pin.save',
      submit: async (values) => {
        await resetPin(app.database, person.user.id, raw, values.new)
        await dropAsked(app.database, person.user.id)
        watch(app)
        await enter(person)
        return ''
      },
    }),
  ]

  await choose(came)
  return { element, close: () => stop() }
}

/** @param {App} app */
function fileOffer(app) {
  const save = async () => (await import('../unsent-file.js')).downloadUnsent(app.database)
  return [
    el('p', { class: 'soft small' }, t('pin.ask_file')),
    el('button', { class: 'button', type: 'button', 'data-action': 'save-file', onclick: save }, t('pin.save_file')),
  ]
}
