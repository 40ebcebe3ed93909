/**
 * The parts of a Text of the model (docs/form-model.md, "Texts").
 */

/** @typedef {import('./plan.js').Text} Text */
/** @typedef {import('./plan.js').TextPart} TextPart */

/** Keys of a node that name one of its texts. */
export const TEXT_KEYS = /** @type {const} */ (['label', 'hint', 'required_message', 'constraint_message'])

/**
 * Gives one form of a text, null where it has none.
 *
 * @param {Text | undefined} text
 * @param {string} form `text`, `guidance`, `image`, `audio`, `video` or `big-image`
 * @returns {string | TextPart[] | null}
 */
export function textForm(text, form) {
  if (text === undefined) return null
  if (typeof text === 'string' || Array.isArray(text)) return form === 'text' ? text : null
  return text[form] ?? null
}

/**
 * Gives the expressions in a text.
 *
 * @param {Text} text
 * @returns {string[]}
 */
export function partsOf(text) {
  if (typeof text === 'string') return []
  if (!Array.isArray(text)) return Object.values(text).flatMap(partsOf)
  return text.flatMap((part) => (typeof part === 'string' ? [] : [part.value]))
}

/**
 * Gives the texts of a node, its choices' labels among them, in any language, that hold values of the form.
 *
 * @param {import('./plan.js').Plan} plan
 * @param {import('./plan.js').Model} model
 * @returns {Text[]}
 */
export function textsWithValues({ def }, model) {
  const found = []
  for (const language in model.texts) {
    const texts = model.texts[language]
    for (const key of TEXT_KEYS) {
      const name = def[key]
      if (name !== undefined && typeof texts[name] === 'object') found.push(texts[name])
    }
  }
  if (def.itemset?.is_itext) found.push(...labelsWithValues(def.itemset, model))
  return found
}

/**
 * @param {NonNullable<import('./plan.js').ModelNode['itemset']>} itemset
 * @param {import('./plan.js').Model} model
 * @returns {Text[]}
 */
function labelsWithValues({ nodeset, label = '' }, model) {
  const list = model.lists[/instance\('([^']*)/.exec(nodeset)?.[1] ?? '']
  if (list === undefined || !('rows' in list)) return []
  const column = list.columns.indexOf(label)
  const keys = list.rows.map((row) => row[column])
  return Object.values(model.texts).flatMap((texts) => keys.map((key) => texts[key]).filter((text) => typeof text === 'object' && partsOf(text).length > 0))
}
