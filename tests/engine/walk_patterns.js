/**
 * Makes texts that match the patterns of constraints such as `regex(., '^[0-9]{10}$')`: groups, alternatives, classes
 * and quantifiers; what it does not know stands for itself.
 */

/**
 * @param {string} pattern
 * @param {() => number} random
 */
export function textMatching(pattern, random) {
  return new Sampler(pattern, random).alternatives()
}

const DIGITS = '0123456789'
const ENGLISH_LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** @type {Record<string, string>} */
const CLASSES = { d: DIGITS, w: `${ENGLISH_LETTERS}${DIGITS}_`, s: ' ', D: ENGLISH_LETTERS, W: '-', S: ENGLISH_LETTERS }

class Sampler {
  #pattern
  #random
  #at = 0

  /**
   * @param {string} pattern
   * @param {() => number} random
   */
  constructor(pattern, random) {
    this.#pattern = pattern
    this.#random = random
  }

  /** @returns {string} one of the alternatives up to the end or a closing bracket */
  alternatives() {
    const all = [this.#sequence()]
    while (this.#pattern[this.#at] === '|') {
      this.#at += 1
      all.push(this.#sequence())
    }
    return this.#oneOf(all)
  }

  #sequence() {
    let text = ''
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at])) {
      const begin = this.#at
      let part = this.#atom()
      const end = this.#at
      const [least, most] = this.#quantifier()
      const times = least + Math.floor(this.#random() * (most - least + 1))
      const after = this.#at
      if (times === 0) part = ''
      for (let time = 1; time < times; time += 1) {
        this.#at = begin
        part += this.#atom()
      }
      this.#at = after === end ? end : after
      text += part
    }
    return text
  }

  /** @returns {string} */
  #atom() {
    const character = this.#pattern[this.#at]
    this.#at += 1
    if (character === '^' || character === '$') return ''
    if (character === '.') return 'x'
    if (character === '[') return this.#class()
    if (character === '\\') return this.#escape()
    if (character !== '(') return character
    const [special] = /^\?(?:[:=!]|<[=!])/.exec(this.#pattern.slice(this.#at)) ?? ['']
    this.#at += special.length
    const inner = this.alternatives()
    this.#at += 1
    return special === '' || special === '?:' ? inner : ''
  }

  #escape() {
    const character = this.#pattern[this.#at]
    this.#at += 1
    return CLASSES[character] === undefined ? (/[bB]/.test(character) ? '' : character) : this.#oneOf([...CLASSES[character]])
  }

  #class() {
    const isNegated = this.#pattern[this.#at] === '^'
    if (isNegated) this.#at += 1
    let members = ''
    while (this.#at < this.#pattern.length && this.#pattern[this.#at] !== ']') {
      const character = this.#pattern[this.#at]
      this.#at += 1
      if (character === '\\') {
        members += CLASSES[this.#pattern[this.#at]] ?? this.#pattern[this.#at]
        this.#at += 1
      } else if (this.#pattern[this.#at] === '-' && this.#pattern[this.#at + 1] !== ']' && this.#at + 1 < this.#pattern.length) {
        const last = this.#pattern[this.#at + 1]
        this.#at += 2
        for (let code = character.charCodeAt(0); code <= last.charCodeAt(0); code += 1) members += String.fromCharCode(code)
      } else members += character
    }
    this.#at += 1
    return this.#oneOf(isNegated ? [...`${DIGITS}${ENGLISH_LETTERS} .`].filter((one) => !members.includes(one)) : [...members])
  }

  /** @returns {[number, number]} */
  #quantifier() {
    const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(this.#pattern.slice(this.#at))
    if (found === null) return [1, 1]
    this.#at += found[0].length
    const [, sign, least, comma, most] = found
    if (sign !== undefined) return sign === '?' ? [0, 1] : [sign === '+' ? 1 : 0, 4]
    return [Number(least), comma === '' ? Number(least) : most === '' ? Number(least) + 3 : Number(most)]
  }

  /** @param {string[]} all */
  #oneOf(all) {
    return all[Math.floor(this.#random() * all.length)] ?? ''
  }
}
