/** @typedef {{priority: string, everyS: number, maxAgeS: number}} LocationOptions as the form's audit question gives them */
/** @typedef {{latitude: number, longitude: number, accuracy: number, at: number}} Fix */

/** Asks the phone where it is, now and again, and keeps the most accurate answer of the last while. */
export class BestFix {
  #options
  #note
  /** @type {Fix[]} */
  #fixes = []
  #lastEvent = ''
  #timer

  /**
   * @param {LocationOptions} options
   * @param {(event: string) => void} note records what becomes of asking
   */
  constructor(options, note) {
    this.#options = options
    this.#note = note
    this.#tell('location tracking enabled')
    this.#ask()
    this.#timer = setInterval(() => this.#ask(), Math.max(1, options.everyS) * 1000)
  }

  /**
   * Gives latitude, longitude (degrees) and accuracy (metres) as text; blank where nothing is known.
   *
   * @returns {string[]}
   */
  cells() {
    this.#fixes = this.#fixes.filter(({ at }) => at >= Date.now() - this.#options.maxAgeS * 1000)
    const [best] = [...this.#fixes].sort((one, other) => one.accuracy - other.accuracy)
    return best ? [best.latitude, best.longitude, best.accuracy].map(String) : ['', '', '']
  }

  stop() {
    clearInterval(this.#timer)
  }

  #ask() {
    const { priority, maxAgeS } = this.#options
    const isFree = priority === 'no-power'
    navigator.geolocation?.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy }, timestamp }) => {
        this.#fixes.push({ latitude, longitude, accuracy, at: timestamp })
        this.#tell('location permissions granted')
      },
      (error) => {
        if (error.code === error.PERMISSION_DENIED) this.#tell('location permissions not granted')
        else if (error.code === error.POSITION_UNAVAILABLE) this.#tell('location providers disabled')
      },
      // Without power to spend, only what another app has found out counts.
      { enableHighAccuracy: priority === 'high-accuracy', maximumAge: isFree ? maxAgeS * 1000 : 0, timeout: isFree ? 0 : 60_000 },
    )
  }

  /** @param {string} event */
  #tell(event) {
    if (event !== this.#lastEvent) this.#note(event)
    this.#lastEvent = event
  }
}
