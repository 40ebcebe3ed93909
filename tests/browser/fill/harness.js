/** Mounts the fill screen alone: a form model goes in, and what the screen saves, keeps and finishes can be read from `world`. */
import { createForm } from '/static/engine/form.js'
import { followDisplay } from '/static/field/display.js'
import { openFill } from '/static/field/fill/fill.js'
import { fetchMarks } from '/static/field/fill/marks.js'
import { isWhole } from '/static/field/fill/wish.js'
import { setLanguage } from '/static/field/i18n/i18n.js'
import { fetchRareFunctions } from '/static/field/rare-functions.js'

const host = {
  now: () => Date.now(),
  offset: (ms) => -new Date(ms).getTimezoneOffset(),
  random: () => Math.random(),
  uuid: () => crypto.randomUUID(),
  properties: { deviceid: 'd', username: 'u', phonenumber: '', email: '' },
}

window.world = { gone: [],  media: {}, saves: [], finished: [], left: 0, files: new Map(), isFull: false, form: null, fill: null, changes: 0 }

const files = {
  put: async (blob, about) => {
    if (window.world.isFull) throw new DOMException('full', 'QuotaExceededError')
    const name = `${crypto.randomUUID()}.${about.type.split('/')[1] || 'bin'}`
    window.world.files.set(name, { blob, about })
    return name
  },
  get: async (name) => window.world.files.get(name)?.blob ?? null,
  remove: async (name) => { window.world.files.delete(name) },
}

window.mount = async (model, { answers, position, language, ui = 'en', failFinish = false, layout = 'form', audit, ways } = {}) => {
  await setLanguage(ui)
  await fetchRareFunctions(JSON.stringify(model))
  const form = (await fetchMarks(JSON.stringify(model)))(createForm(model, host, { answers, language }))
  window.world.form = form
  window.world.audit = audit ? (await import('/static/field/fill/audit.js')).openAudit(form, 'Li Hua', audit.earlier) : null
  form.onChange(() => { window.world.changes += 1 })
  window.world.fill = openFill(document.querySelector('#root'), {
    form,
    files,
    media: async (name) => window.world.media[name] ?? '',
    position,
    scroll: isWhole(model.form.style, layout) ? await import('/static/field/fill/scroll.js') : null,
    keepLayout: (wish) => { window.world.layout = wish },
    audit: window.world.audit,
    save: async (draft) => {
      if (window.world.isFull) throw new DOMException('full', 'QuotaExceededError')
      window.world.saves.push(structuredClone(draft))
    },
    finish: async (result) => {
      if (failFinish) throw new Error('no')
      window.world.finished.push(result)
    },
    leave: () => { window.world.left += 1 },
    ways: () => Object.fromEntries((ways ?? []).map((name) => [name, () => window.world.gone.push(name)])),
  })
}
followDisplay()
window.isReady = true
