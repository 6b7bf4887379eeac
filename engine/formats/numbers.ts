// Numbers in texts from outside: plain decimals only, finite, and as many as the field needs.

import { EngineError } from '../errors.ts'

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** One finite decimal number; `where` names its place in errors. */
export function numberFrom(text: string | undefined, where: string): number {
  const trimmed = (text ?? '').trim()
  if (trimmed === '') throw new EngineError('value/missing', `A number is missing (${where})`, { where })
  if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(trimmed))
    throw new EngineError('value/not-finite', `\`${trimmed}\` is not a finite number (${where})`, { where })
  if (!decimal.test(trimmed))
    throw new EngineError('value/not-a-number', `\`${trimmed.slice(0, 40)}\` is not a number (${where})`, { where })
  const value = Number(trimmed)
  if (!Number.isFinite(value))
    throw new EngineError('value/not-finite', `\`${trimmed.slice(0, 40)}\` is too large for a number (${where})`, { where })
  return value
}

/** Exactly `count` numbers separated by white space. */
export function numbersFrom(text: string | undefined, count: number, where: string): number[] {
  const words = (text ?? '').trim().split(/\s+/)
  if (words.length !== count || words[0] === '')
    throw new EngineError(
      'value/not-a-number',
      `${count} numbers are needed, ${words[0] === '' ? 0 : words.length} were found (${where})`,
      { where },
    )
  return words.map((word) => numberFrom(word, where))
}

/** `true`, `1`, `false` or `0`; anything else, and nothing, is `otherwise`. */
export function booleanFrom(text: string | undefined, otherwise: boolean): boolean {
  const word = (text ?? '').trim().toLowerCase()
  return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : otherwise
}
