import { drawing, el } from '../dom.js'
import { t } from '../i18n/i18n.js'
import { MAX_FILE_BYTES } from './file-question.js'
import { reasonFor } from './reason.js'

/** Formats in the order in which they are wanted: small first, then what Safari makes. */
const FORMATS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
/** A recording is stopped and kept this near to what the server takes. */
const ROOM_BYTES = 256 * 1024

const MICROPHONE = drawing('M12 4a3 3 0 013 3v4a3 3 0 01-6 0V7a3 3 0 013-3zM6 11a6 6 0 0012 0M12 17v3', 'microphone')
const SQUARE = drawing('M7 7h10v10H7z', 'stop')

/** A button that records sound: the seconds run while it does, and what was recorded is handed over when it ends, however it ends. */
export class Recorder {
  #options
  #words = el('span')
  #time = el('p', { class: 'recorder__time', role: 'timer', hidden: true })
  #hasAnswer = false
  /** @type {MediaRecorder|null} */
  #recorder = null
  #isAsking = false
  #isGone = false

  /**
   * @param {object} options
   * @param {number} options.bitsPerSecond
   * @param {(blob: Blob) => void} options.keep
   * @param {(text: string) => void} options.say
   */
  constructor(options) {
    this.#options = options
    this.button = el('button', { type: 'button', class: 'button button--block', onclick: () => (this.#recorder ? this.#recorder.stop() : this.#start()) })
    this.element = el('div', { class: 'recorder' }, this.#time, reasonFor('microphone'), this.button)
    this.#show()
  }

  /**
   * Names the button for a question that has an answer, or has none.
   *
   * @param {boolean} hasAnswer
   */
  nameFor(hasAnswer) {
    this.#hasAnswer = hasAnswer
    this.#show()
  }

  /** Ends a running recording; what there is of it is kept. */
  stop() {
    this.#isGone = true
    this.#recorder?.stop()
  }

  async #start() {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#options.say('')
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      if (this.#isGone) stopTracks(stream)
      else this.#record(stream)
    } catch (error) {
      const isDenied = error instanceof Error && error.name === 'NotAllowedError'
      this.#options.say(t(isDenied ? 'widget.mic_denied' : 'widget.mic_missing'))
    } finally {
      this.#isAsking = false
    }
  }

  /** @param {MediaStream} stream */
  #record(stream) {
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format))
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: this.#options.bitsPerSecond })
    /** @type {Blob[]} */
    const parts = []
    let size = 0
    const began = performance.now()
    const clock = setInterval(() => this.#showTime(performance.now() - began), 500)
    recorder.addEventListener('dataavailable', ({ data }) => {
      parts.push(data)
      size += data.size
      if (size > MAX_FILE_BYTES - ROOM_BYTES && recorder.state === 'recording') recorder.stop()
    })
    recorder.addEventListener('stop', () => {
      clearInterval(clock)
      stopTracks(stream)
      this.#recorder = null
      this.#show()
      if (size > 0) this.#options.keep(new Blob(parts, { type: recorder.mimeType }))
    })
    recorder.start(1000)
    this.#recorder = recorder
    this.#showTime(0)
    this.#show()
  }

  #show() {
    const isRecording = this.#recorder !== null
    this.#time.hidden = !isRecording
    this.button.classList.toggle('button--primary', isRecording)
    this.#words.textContent = t(isRecording ? 'widget.record_stop' : this.#hasAnswer ? 'widget.record_again' : 'widget.record_audio')
    this.button.replaceChildren((isRecording ? SQUARE : MICROPHONE).cloneNode(true), this.#words)
  }

  /** @param {number} ms */
  #showTime(ms) {
    const seconds = Math.floor(ms / 1000)
    this.#time.textContent = t('widget.recording', { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` })
  }
}

/** @param {MediaStream} stream */
function stopTracks(stream) {
  for (const track of stream.getTracks()) track.stop()
}
