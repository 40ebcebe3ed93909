/**
 * Follows the paths of expressions through the model: which questions an expression reads, and in which rows.
 */

/** @typedef {import('./parser.js').Ast} Ast */
/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {import('./plan.js').CompiledModel} CompiledModel */
/** @typedef {import('./dependencies.js').Unit} Unit */
/**
 * `scope`: the repeat in whose same row the nodes read are found; null: anywhere in the form.
 *
 * @typedef {{unit: Unit, plan: Plan, scope: Plan | null}} Read
 */
/** @typedef {{plan: Plan | null, scope: Plan | null}} Place `plan` null: not in the form, or above its root */

/** Follows the paths of expressions through the model. */
export class Reader {
  #compiled
  /** @type {Unit} */
  #unit
  /** @type {Plan} */
  #current
  #isAnyRow = false

  /**
   * @param {CompiledModel} compiled
   * @param {Unit} unit the first
   */
  constructor(compiled, unit) {
    this.#compiled = compiled
    this.#unit = unit
    this.#current = unit.plan
  }

  /**
   * Notes in a unit what its expressions read, each once.
   *
   * @param {Unit} unit
   */
  note(unit) {
    const { plan } = unit
    this.#unit = unit
    this.#current = plan
    for (const ast of unit.asts) this.read(ast, { plan, scope: plan.repeat })
  }

  /**
   * Notes what an expression reads and gives the places that it selects.
   *
   * @param {Ast} ast
   * @param {Place} place where it is evaluated
   * @returns {Place[]}
   */
  read(ast, place) {
    switch (ast.kind) {
      case 'chain':
        this.read(ast.first, place)
        for (const { right } of ast.rest) this.read(right, place)
        return []
      case 'negate':
        this.read(ast.operand, place)
        return []
      case 'union':
        return ast.parts.flatMap((part) => this.read(part, place))
      case 'filter': {
        const places = this.read(ast.base, place)
        this.#readPredicates(ast.predicates, places)
        return places
      }
      case 'call':
        return this.#readCall(ast, place)
      case 'path':
        return this.#readPath(ast, place)
      default:
        return []
    }
  }

  /**
   * @param {Extract<Ast, {kind: 'call'}>} ast
   * @param {Place} place
   * @returns {Place[]}
   */
  #readCall(ast, place) {
    const wasAnyRow = this.#isAnyRow
    if (ast.name === 'indexed-repeat') this.#isAnyRow = true
    const places = ast.args.flatMap((arg) => this.read(arg, place))
    this.#isAnyRow = wasAnyRow
    if (ast.name === 'current') return [{ plan: this.#current, scope: this.#current.repeat }]
    if (ast.name === 'instance') return [{ plan: null, scope: null }]
    if (ast.args.length === 0) this.#note(['string', 'number', 'string-length', 'normalize-space', 'name'].includes(ast.name) ? [place] : [])
    return places
  }

  /**
   * @param {Extract<Ast, {kind: 'path'}>} ast
   * @param {Place} place
   * @returns {Place[]}
   */
  #readPath(ast, place) {
    const { start, name } = ast
    const plan = name === undefined ? undefined : this.#compiled.byPath.get(name)
    /** @type {Place[]} */
    let places
    if (plan !== undefined) {
      places = [{ plan, scope: sharedScope(plan, place.plan ?? this.#current) }]
      this.#note(places)
      return places
    }
    let from = 0
    const { steps } = ast
    if (start === 'context') places = [place]
    else if (start === 'root') [places, from] = this.#followRows(steps, place)
    else places = this.#startPlaces(start, place)
    for (let index = from; index < steps.length; index += 1) {
      const step = steps[index]
      places = places.flatMap((at) => this.#step(at, step.axis, step.test))
      this.#readPredicates(step.predicates, places.length === 0 ? [{ plan: null, scope: null }] : places)
    }
    this.#note(places)
    return places
  }

  /**
   * @param {Ast} start
   * @param {Place} place
   */
  #startPlaces(start, place) {
    const { reads } = this.#unit
    const noted = reads.length
    const places = this.read(start, place)
    // `current()` and `instance()` select a place to start from; they read nothing by themselves.
    if (start.kind === 'call' && (start.name === 'current' || start.name === 'instance')) reads.length = noted
    return places
  }

  /**
   * Follows an absolute path as far as it runs through the rows in which it is evaluated.
   *
   * @param {import('./parser.js').Step[]} steps
   * @param {Place} place
   * @returns {[Place[], number]} where it has come to, and the step that follows
   */
  #followRows(steps, place) {
    const chain = (place.plan ?? this.#current).chain
    /** @type {Place} */
    let at = { plan: null, scope: null }
    let depth = 0
    for (; depth < steps.length && depth < chain.length; depth += 1) {
      const { axis, test, predicates } = steps[depth]
      const next = chain[depth]
      if (axis !== 'child' || test !== next.name || predicates.length > 0) break
      if (next.kind === 'repeat' && depth === steps.length - 1) break
      at = { plan: next, scope: next.repeat }
    }
    if (depth > 0) return [[at], depth]
    if (steps.length === 0) return [[], 0]
    const [{ axis, test }] = steps
    const { root } = this.#compiled
    if (axis === 'child') return [test === root.name || test === '*' ? [{ plan: root, scope: null }] : [], 1]
    return [[{ plan: root, scope: null }], 0]
  }

  /**
   * @param {Place} place
   * @param {string} axis
   * @param {string} test
   * @returns {Place[]}
   */
  #step({ plan, scope }, axis, test) {
    if (plan === null) return []
    const wanted = axis === 'attribute' ? `@${test}` : test
    const named = (/** @type {Plan[]} */ plans) => (test === '*' || test === 'node()' ? plans : plans.filter((one) => one.name === wanted))
    if (axis === 'self') return [{ plan, scope }]
    if (axis === 'parent') return plan.parent === null ? [] : [{ plan: plan.parent, scope: narrower(plan.parent, scope) }]
    if (axis === 'child' || axis === 'attribute') return named(plan.children).map((child) => ({ plan: child, scope }))
    if (axis.startsWith('descendant')) return named(this.#compiled.plans.filter((one) => isWithin(one, plan))).map((one) => ({ plan: one, scope }))
    if (axis.startsWith('ancestor')) return named(plan.chain).map((one) => ({ plan: one, scope: one.repeat }))
    return named(plan.parent?.children ?? []).map((one) => ({ plan: one, scope: null }))
  }

  /**
   * @param {Ast[]} predicates
   * @param {Place[]} places the candidates
   */
  #readPredicates(predicates, places) {
    for (const predicate of predicates) for (const { plan } of places) this.read(predicate, { plan, scope: null })
  }

  /** @param {Place[]} places */
  #note(places) {
    const { reads } = this.#unit
    for (const { plan, scope: own } of places) {
      const scope = this.#isAnyRow ? null : own
      if (plan !== null && !reads.some((read) => read.plan === plan && read.scope === scope)) reads.push({ unit: this.#unit, plan, scope })
    }
  }
}

/**
 * Gives the innermost repeat whose row an absolute path stays in: one that both the reader and what it reads are in. The
 * path to a repeat itself means all its rows.
 *
 * @param {Plan} plan that is read
 * @param {Plan} from where
 */
function sharedScope(plan, from) {
  if (from.repeat === null) return null
  const length = plan.chain.length - (plan.kind === 'repeat' ? 1 : 0)
  let shared = null
  for (let depth = 0; depth < length && plan.chain[depth] === from.chain[depth]; depth += 1) shared = plan.chain[depth].repeat
  return shared
}

/**
 * Going up out of a row widens the scope to the row around it.
 *
 * @param {Plan} plan
 * @param {Plan | null} scope
 */
function narrower(plan, scope) {
  return scope === null ? null : plan.repeat
}

/**
 * Says whether a plan is, or is under, another.
 *
 * @param {Plan} plan
 * @param {Plan} around
 */
export function isWithin(plan, around) {
  for (let at = /** @type {Plan | null} */ (plan); at !== null; at = at.parent) if (at === around) return true
  return false
}
