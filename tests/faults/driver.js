/* In each page of a phone under test: fills questionnaires in by tapping, tells the harness what is finished, and makes waiting short. */
(() => {
  if (window !== window.top || window.faults) return

  // Minutes become seconds: time limits of calls, and the pauses between tries.
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  AbortSignal.timeout = (ms) => timeout(ms / 30)
  const later = window.setTimeout
  window.setTimeout = (work, ms = 0, ...rest) => later(work, ms >= 2000 ? ms / 10 : ms, ...rest)

  let clockOffset = 0
  const now = Date.now.bind(Date)
  Date.now = () => now() + clockOffset

  // A finished response is one whose transaction is over: what the phone promises from then on is what the harness holds it to.
  const told = new Set()
  let isFull = false
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (...args) {
    const [entry] = args
    if (isFull) throw new DOMException('There is no room.', 'QuotaExceededError')
    if (this.name === 'outbox' && entry.document && !told.has(entry.hash)) {
      told.add(entry.hash)
      this.transaction.addEventListener('complete', () => window.faultsFinished(entry.document))
      this.transaction.addEventListener('abort', () => told.delete(entry.hash))
    }
    return put.apply(this, args)
  }

  const pause = (ms) => new Promise((resolve) => later(resolve, ms))
  const find = (selector) => document.querySelector(selector)
  const is = (path) => location.pathname.startsWith(path)

  async function until(check, ms) {
    for (const end = now() + ms; now() < end; await pause(15)) {
      const found = check()
      if (found) return found
    }
    throw new Error(`not in time: ${check}`)
  }

  async function tap(selector, ms = 6000) {
    const control = await until(() => find(selector), ms)
    control.click()
    return control
  }

  async function begin() {
    const next = is('/app/done/') && find('[data-action=next]')
    if (next) next.click()
    else {
      if (!is('/app/place/-')) await tap('[href="/app/place/-"]')
      await tap('[data-form=fault_visit]:not([disabled])')
    }
    return until(() => is('/app/fill/') && find('.question :is(input, textarea)'), 6000)
  }

  function type(control, text) {
    control.value = text
    control.dispatchEvent(new Event('input', { bubbles: true }))
    control.dispatchEvent(new Event('change', { bubbles: true }))
  }

  async function photograph(base64) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const files = new DataTransfer()
    files.items.add(new File([bytes], 'image.jpg', { type: 'image/jpeg' }))
    const control = await until(() => find('input[type=file]'), 6000)
    control.files = files.files
    control.dispatchEvent(new Event('change', { bubbles: true }))
    await until(() => find('.file__image'), 10000)
  }

  async function fill({ marker, photo }) {
    type(await begin(), marker)
    if (photo) await photograph(photo)
    for (const end = now() + 8000; !is('/app/done/') && now() < end; await pause(80)) find('.bottombar__next:not([disabled])')?.click()
    if (!is('/app/done/')) throw new Error('not finished')
  }

  window.faults = {
    state: 'idle',
    error: '',
    /** Fills the given responses in, one after another. */
    async run(wanted) {
      this.state = 'busy'
      try {
        for (const one of wanted) await fill(one)
        this.state = 'idle'
      } catch (error) {
        this.error = String(error)
        this.state = 'lost'
      }
    },
    turnClock(ms) { clockOffset = ms },
    /** From now on every write fails as on a full phone, or none. */
    fillStorage(full) { isFull = full },
    /** Does what the browser does when a signal is back: the sender tries at once. */
    send() { dispatchEvent(new Event('online')) },
    /** Everything in a store of the phone. */
    read(store) {
      return new Promise((resolve, reject) => {
        const opening = indexedDB.open('collector')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const reading = opening.result.transaction(store).objectStore(store).getAll()
          reading.onsuccess = () => { resolve(reading.result); opening.result.close() }
          reading.onerror = () => reject(reading.error)
        }
      })
    },
    async takeUpdate() {
      const registration = await navigator.serviceWorker.getRegistration('/app/')
      if (!registration) return
      await registration.update().catch(() => {})
      later(() => registration.waiting?.postMessage({ type: 'update' }), 1500)
    },
  }
})()
