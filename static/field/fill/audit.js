/** @import { Files, FinishResult, Form, FormNode, Page } from './types.js' */
import { askReason } from './ask-reason.js'
import { BestFix } from './audit-location.js'

/**
 * The record of how the volunteer went through the form, as the audit.csv of ODK Collect: columns and events are those of
 * docs.getodk.org/form-audit-log and of the ODK XForms specification, "Client Audit Logs". Times are the phone's clock in
 * milliseconds since 1970; one that is set back stands still until it has caught up.
 */

/** @typedef {{event: string, path: string, start: number, before: Map<FormNode, string>, isQuestion: boolean, nodes: FormNode[]}} Open a page that is on the screen */
/** @typedef {{event: string, path?: string, start: number, end?: number, old?: string, now?: string, reason?: string}} Line */

/** What a page is called in the record. */
const EVENTS = { question: 'question', group: 'group questions', row: 'group questions', repeat: 'add repeat' }

/**
 * Gives the path of a form's audit question, where it has one.
 *
 * @param {Form} form
 */
function auditPath({ root }) {
  return `/${root.name}/meta/audit`
}

/**
 * Begins the record of a session, where the form wants one.
 *
 * @param {Form} form
 * @param {string} user name of the volunteer
 * @param {string} [earlier] what `text` gave in an earlier session
 * @returns {AuditLog}
 */
export function openAudit(form, user, earlier) {
  return new AuditLog(form, form.find(auditPath(form))?.def.parameters ?? {}, user, earlier)
}

/** The record of one draft, over all its sessions. The page on the screen is recorded when it is left. */
class AuditLog {
  #form
  #options
  #user
  #latest = 0
  /** @type {BestFix|null} */
  #fix = null
  /** Lines below the head, each with its end. */
  #body
  /** @type {Open|null} */
  #open = null
  /** Answers that an earlier session left, by question: changing one of them needs a reason. */
  #given

  /**
   * @param {Form} form
   * @param {Record<string, string>} parameters of the audit question
   * @param {string} user name of the volunteer
   * @param {string} [earlier] what `text` gave in an earlier session
   */
  constructor(form, parameters, user, earlier = '') {
    this.#form = form
    this.#options = optionsOf(parameters)
    this.#user = user
    this.#body = earlier.slice(earlier.indexOf('\n') + 1)
    this.#given = new Map(earlier ? questionsIn(form.root).filter(({ value }) => value).map((node) => [node, node.value]) : [])
    this.note(earlier ? 'form resume' : 'form start')
    if (this.#options.location) this.#fix = new BestFix(this.#options.location, (event) => this.note(event))
  }

  /** Whether the record says where the phone was. */
  get hasLocation() {
    return this.#options.location !== null
  }

  /**
   * A page is on the screen now, null for the last screen.
   *
   * @param {Page|null} page
   */
  show(page) {
    this.#close()
    const nodes = page?.nodes ?? []
    const before = new Map(nodes.flatMap(questionsIn).map((node) => [node, node.value]))
    this.#open = { event: page ? EVENTS[page.node.kind] : 'end screen', path: page?.node.path ?? '', start: this.#now(), before, isQuestion: page?.node.kind === 'question', nodes }
  }

  /**
   * Something happened.
   *
   * @param {string} event
   * @param {FormNode} [node]
   */
  note(event, node) {
    this.#write({ event, path: node?.path, start: this.#now() })
  }

  /** The volunteer leaves; the draft stays. */
  leave() {
    this.#close()
    this.note('form save')
    this.note('form exit')
    this.#fix?.stop()
  }

  /** The record so far, to be kept with the draft. */
  text() {
    return `${this.#head()}\n${this.#body}`
  }

  /**
   * Puts the whole record among a finished response's files, after asking why answers were changed where the form wants to know.
   *
   * @param {FinishResult} result
   * @param {Files} files
   * @returns {Promise<FinishResult|null>} the result that names the file; null where no reason was given, and so nothing is finished
   */
  async finish(result, files) {
    const isAsked = this.#options.hasReasons && [...this.#given].some(([node, value]) => node.value !== value)
    const reason = isAsked ? await askReason() : ''
    if (isAsked && !reason) return null
    const audit = await files.put(this.#whole(reason), { path: auditPath(this.#form), type: 'text/csv' })
    const { answers } = result
    return { ...result, answers: { ...answers, meta: { ...answers.meta, audit } } }
  }

  /**
   * Gives the record as it is once the response is finished. A try that fails leaves no trace of it.
   *
   * @param {string} reason `''` where nobody asked for one
   */
  #whole(reason) {
    const body = this.#body
    const open = this.#open
    this.#close()
    if (reason) this.#write({ event: 'change reason', start: this.#now(), reason })
    for (const event of ['form save', 'form exit', 'form finalize']) this.note(event)
    const blob = new Blob([this.text()], { type: 'text/csv' })
    this.#body = body
    this.#open = open
    return blob
  }

  #now() {
    this.#latest = Math.max(this.#latest, Date.now())
    return this.#latest
  }

  #close() {
    if (!this.#open) return
    const { event, path, start, before, isQuestion, nodes } = this.#open
    this.#open = null
    const end = this.#now()
    const changed = nodes.flatMap(questionsIn).flatMap((node) => {
      const old = before.get(node) ?? ''
      return old === node.value ? [] : [{ event: 'question', path: node.path, start, end, old, now: node.value }]
    })
    const [own] = isQuestion ? changed : []
    this.#write(own ?? { event, path, start, end })
    // Of a page with several questions, only those that changed are named, and only where changes are kept.
    if (!isQuestion && this.#options.hasChanges) changed.forEach((line) => this.#write(line))
  }

  #head() {
    const { location, hasChanges, hasUser, hasReasons } = this.#options
    return ['event,node,start,end', location && 'latitude,longitude,accuracy', hasChanges && 'old-value,new-value', hasUser && 'user', hasReasons && 'change-reason'].filter(Boolean).join(',')
  }

  /** @param {Line} line */
  #write({ event, path = '', start, end, old = '', now = '', reason = '' }) {
    const { location, hasChanges, hasUser, hasReasons } = this.#options
    const cells = [event, path, String(start), end ? String(end) : '']
    if (location) cells.push(...(this.#fix?.cells() ?? ['', '', '']))
    if (hasChanges) cells.push(old, now)
    if (hasUser) cells.push(this.#user)
    if (hasReasons) cells.push(reason)
    this.#body += `${cells.map(quoted).join(',')}\n`
  }
}

/**
 * Gives what the form asks to be recorded. Places need all three of their parameters.
 *
 * @param {Record<string, string>} parameters
 */
function optionsOf(parameters) {
  const priority = parameters['location-priority']
  const everyS = Number(parameters['location-min-interval'])
  const maxAgeS = Number(parameters['location-max-age'])
  return {
    location: priority && everyS >= 0 && maxAgeS >= 0 ? { priority, everyS, maxAgeS } : null,
    hasChanges: parameters['track-changes'] === 'true',
    hasUser: parameters['identify-user'] === 'true',
    hasReasons: parameters['track-changes-reasons'] === 'on-form-edit',
  }
}

/**
 * @param {FormNode} node
 * @returns {FormNode[]}
 */
function questionsIn(node) {
  if (node.kind === 'question') return node.def.control && !node.isReadonly ? [node] : []
  return node.children.flatMap(questionsIn)
}

/** @param {string} cell */
function quoted(cell) {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
