/** Calls to the server: a time limit, the device's token, and every kind of failure as one error. */

/** What went wrong with a call. `code` is the server's, or `offline`, `timeout`, `not_an_answer` (a captive portal's page). */
export class ApiError extends Error {
  /** @param {string} code @param {number} status HTTP status, 0 where none came */
  constructor(code, status) {
    super(`${code} (${status})`)
    this.name = 'ApiError'
    this.code = code
    this.status = status
  }

  /** Whether the server refuses this device: its code was taken back, or it never had one (A78). */
  get isRefusal() {
    return this.status === 401 && this.code !== 'not_an_answer'
  }
}

/** The server as one device sees it. */
export class Api {
  #fetch
  #token

  /**
   * @param {typeof fetch} fetch
   * @param {string} token device token, '' before enrolment
   */
  constructor(fetch, token) {
    this.#fetch = fetch
    this.#token = token
  }

  /**
   * The response of a call whose status says success. Raises ApiError for all else.
   * @param {string} path
   * @param {RequestInit} [options]
   * @param {number} [seconds] time limit
   * @returns {Promise<Response>}
   */
  async call(path, options = {}, seconds = 60) {
    const headers = new Headers(options.headers)
    if (this.#token) headers.set('Authorization', `Bearer ${this.#token}`)
    const signal = AbortSignal.timeout(seconds * 1000)
    /** @type {Response} */
    let response
    try {
      response = await this.#fetch(path, { ...options, headers, signal, cache: 'no-store', credentials: 'omit' })
    } catch (error) {
      throw new ApiError(signal.aborted ? 'timeout' : 'offline', 0)
    }
    if (response.ok) return response
    throw new ApiError(await codeOf(response), response.status)
  }

  /**
   * The JSON object that a call answers with. An answer that is none, an HTML page for one, counts as no answer (A09).
   * @param {string} path
   * @param {RequestInit} [options]
   * @param {number} [seconds]
   * @returns {Promise<any>}
   */
  async json(path, options, seconds) {
    const body = await readJson(await this.call(path, options, seconds))
    if (body === null) throw new ApiError('not_an_answer', 200)
    return body
  }

  /** @param {string} path @param {any} body */
  post(path, body) {
    return this.json(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  }
}

/** @param {Response} response @returns {Promise<any>} the object, or null */
async function readJson(response) {
  try {
    const body = await response.json()
    return body && typeof body === 'object' ? body : null
  } catch {
    return null
  }
}

/** @param {Response} response */
async function codeOf(response) {
  const code = (await readJson(response))?.error?.code
  // A 401 that is not of our server's making, a hotel's gateway for one, is no word about this device.
  if (typeof code === 'string') return code
  return response.status === 401 ? 'not_an_answer' : `http_${response.status}`
}
