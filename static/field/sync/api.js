/** Calls to the server: a time limit, the device's token, and every kind of failure as one error. */

/** What went wrong with a call. `code` is the server's, or `offline`, `timeout`, `portal` (a network that wants a sign-in), `not_an_answer`. */
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
    return this.status === 401 && this.code !== 'portal'
  }
}

/** Bytes that went out and came in and are not noted yet: sent and received with answers and lists, sent and received with photos and other files. */
export const traffic = [0, 0, 0, 0]

/** @param {string} path @param {number} sent bytes @param {number} received bytes */
export function count(path, sent, received) {
  const kind = path.includes('/files') ? 2 : 0
  traffic[kind] += sent
  traffic[kind + 1] += received
}

/** The server as one device sees it. */
export class Api {
  #fetch
  /** Milliseconds that the server's clock is ahead of this phone's, once it was heard. @type {number | null} */
  clockOff = null

  /**
   * @param {typeof fetch} fetch
   * @param {string} token device token, '' before enrolment
   */
  constructor(fetch, token) {
    this.#fetch = fetch
    this.token = token
  }

  /**
   * The response of a call whose status says success. Raises ApiError for all else.
   * @param {string} path
   * @param {RequestInit} [options]
   * @param {number} [seconds] time limit
   * @returns {Promise<Response>}
   */
  async call(path, options = {}, seconds = 120) {
    const headers = new Headers(options.headers)
    if (this.token) headers.set('Authorization', `Bearer ${this.token}`)
    const signal = AbortSignal.timeout(seconds * 1000)
    /** @type {Response} */
    let response
    try {
      response = await this.#fetch(path, { ...options, headers, signal, cache: 'no-store', credentials: 'omit', redirect: 'manual' })
    } catch (error) {
      throw new ApiError(signal.aborted ? 'timeout' : 'offline', 0)
    }
    const body = /** @type {any} */ (options.body)
    count(path, body?.size ?? body?.length ?? 0, Number(response.headers.get('Content-Length')))
    // Our server redirects no call; a network that wants a sign-in does.
    if (response.type === 'opaqueredirect' || response.status === 511) throw new ApiError('portal', 0)
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
    const response = await this.call(path, options, seconds)
    const body = await readJson(response)
    if (body === null) throw noAnswer(response)
    // Half of the way of a slow answer is nothing beside the minutes that matter.
    this.clockOff = Date.parse(body.server_time) - Date.now() || this.clockOff
    return body
  }

  /** @param {string} path @param {any} body */
  post(path, body) {
    return this.json(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  }
}

/** What is wrong with a success that does not say what it has to (A09): mostly a network that wants a sign-in put its page there. @param {Response} response */
export function noAnswer({ status, headers }) {
  return /html/.test(headers.get('Content-Type') ?? '') ? new ApiError('portal', 0) : new ApiError('not_an_answer', status)
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
export async function codeOf(response) {
  const code = (await readJson(response))?.error?.code
  // A 401 that is not of our server's making, a hotel's gateway for one, is no word about this device.
  if (typeof code === 'string') return code
  return response.status === 401 ? 'portal' : `http_${response.status}`
}
