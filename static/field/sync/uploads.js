/** Sending files by the tus protocol 1.0 with creation and checksum: a photo goes on where it broke off (A24). */

import { sha256, toBase64 } from '../digest.js'
import { updateFile } from '../store/files.js'
import { ApiError, codeOf, count, noAnswer } from './api.js'
import { FIRST_PIECE, pieceAfter, pieceAfterFailure } from './pieces.js'

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('../store/database.js').Database} Database */
/** @typedef {import('../store/types.js').FileEntry} FileEntry */

const TUS = { 'Tus-Resumable': '1.0.0' }
const MOST_CORRECTIONS = 4
/** So long no byte may move before the connection counts as half open, dead at one end. */
const STALL_MS = 30 * 1000
/** So long a server may think about a piece that it has. */
const ANSWER_MS = 90 * 1000
const MOST_STALLS = 3

/** What the link carried last; the next file begins with it. */
let pieceBytes = FIRST_PIECE

/**
 * @typedef {object} Way
 * @property {(offset: number) => void} moved called with the bytes that are out
 * @property {() => boolean} mayStop asked between pieces: whether something smaller waits that goes first
 */

/**
 * Brings one file to the server, and notes its progress. Gives whether it is there wholly: not if it was told to stop. Raises ApiError
 * when it breaks off.
 * @param {Api} api
 * @param {Database} database
 * @param {FileEntry} file
 * @param {Way} way
 */
export async function uploadFile(api, database, file, { moved, mayStop }) {
  let { url, offset } = await begin(api, file)
  await updateFile(database, file, { url, offset })
  let corrections = 0
  let stalls = 0
  while (offset < file.size) {
    if (mayStop()) return false
    moved(offset)
    try {
      const next = await sendPiece(api, file, url, offset, moved)
      // Without progress the two sides disagree about the content; a bound keeps that from going on for ever.
      if (next <= offset && ++corrections > MOST_CORRECTIONS) throw new ApiError('upload_checksum_differs', 460)
      if (next > offset) stalls = 0
      offset = next
    } catch (error) {
      pieceBytes = pieceAfterFailure(pieceBytes)
      if (!(error instanceof ApiError && error.code === 'stalled') || ++stalls > MOST_STALLS) throw error
      // A new connection, and what the server has by now.
      offset = offsetOf(await api.call(url, { method: 'HEAD', headers: TUS }))
    }
    await updateFile(database, file, { offset })
  }
  await updateFile(database, file, { offset, done: true })
  return true
}

/**
 * Where to go on: the upload's address and the bytes that the server has.
 * @param {Api} api
 * @param {FileEntry} file
 */
async function begin(api, file) {
  if (file.url) {
    try {
      return { url: file.url, offset: offsetOf(await api.call(file.url, { method: 'HEAD', headers: TUS })) }
    } catch (error) {
      // The server no longer knows this upload: a new one is made. All else is the caller's.
      if (!(error instanceof ApiError && (error.status === 404 || error.status === 410))) throw error
    }
  }
  return create(api, file)
}

/** @param {Api} api @param {FileEntry} file */
async function create(api, file) {
  const metadata = { response: file.response, name: file.name, sha256: file.sha256, type: file.type }
  const encoded = Object.entries(metadata).map(([key, value]) => `${key} ${toBase64(new TextEncoder().encode(value))}`)
  const headers = { ...TUS, 'Upload-Length': String(file.size), 'Upload-Metadata': encoded.join(',') }
  const response = await api.call('/sync/v1/files', { method: 'POST', headers })
  const location = response.headers.get('Location')
  if (!location) throw new ApiError('not_an_answer', response.status)
  return { url: new URL(location, document.baseURI).pathname, offset: offsetOf(response, 0) }
}

/**
 * Sends the bytes from `offset` on, up to a piece, and gives the offset after it, as the server says.
 * @param {Api} api
 * @param {FileEntry} file
 * @param {string} url
 * @param {number} offset
 * @param {(offset: number) => void} moved
 */
async function sendPiece(api, file, url, offset, moved) {
  const piece = await file.blob.slice(offset, offset + pieceBytes).arrayBuffer()
  const headers = {
    ...TUS,
    Authorization: `Bearer ${api.token}`,
    'Content-Type': 'application/offset+octet-stream',
    'Upload-Offset': String(offset),
    'Upload-Checksum': `sha256 ${toBase64(await sha256(piece))}`,
  }
  const begun = performance.now()
  const answer = await patch(url, headers, piece, (bytes) => moved(offset + bytes))
  if (answer.status === 409 || answer.status === 460) return offsetOf(await api.call(url, { method: 'HEAD', headers: TUS }))
  if (!answer.ok) throw new ApiError(await codeOf(answer), answer.status)
  const next = offsetOf(answer)
  pieceBytes = pieceAfter(piece.byteLength, performance.now() - begun)
  return next
}

/**
 * A PATCH whose bytes can be watched, which fetch does not let us: a slow link that moves is left alone, a dead one is not.
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {ArrayBuffer} piece
 * @param {(bytes: number) => void} moved
 * @returns {Promise<Response>}
 */
function patch(url, headers, piece, moved) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    /** @type {ReturnType<typeof setTimeout>} */
    let timer
    const fail = (/** @type {string} */ code) => {
      clearTimeout(timer)
      reject(new ApiError(code, 0))
    }
    const watch = (/** @type {number} */ ms) => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        fail('stalled')
        request.abort()
      }, ms)
    }
    request.upload.onprogress = ({ loaded }) => {
      watch(STALL_MS)
      moved(loaded)
    }
    request.upload.onload = () => watch(ANSWER_MS)
    request.onerror = request.onabort = () => fail('offline')
    request.onload = () => {
      clearTimeout(timer)
      count(url, piece.byteLength, request.responseText.length)
      const offset = request.getResponseHeader('Upload-Offset')
      const body = request.status === 204 ? null : request.responseText
      resolve(new Response(body, { status: request.status, headers: { 'Content-Type': request.getResponseHeader('Content-Type') ?? '', ...(offset !== null && { 'Upload-Offset': offset }) } }))
    }
    request.open('PATCH', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(piece)
    watch(STALL_MS)
  })
}

/** @param {Response} response @param {number} [fallback] */
function offsetOf(response, fallback) {
  const text = response.headers.get('Upload-Offset')
  const offset = text === null ? fallback : Number(text)
  if (offset === undefined || !Number.isInteger(offset)) throw noAnswer(response)
  return offset
}
