// Reads what a sweep varies from words: `people.0.speed=0.5..2`, `seed=1|2|3`, `world.levels=0..3:integer`, `x=1~0.2`.

import { EngineError } from '../errors.ts'
import { numberFrom } from '../formats/numbers.ts'
import { checkSpace, type Distribution, type Space } from './space.ts'

function distributionFrom(text: string, path: string): Distribution {
  const number = (word: string | undefined): number => numberFrom(word, path)
  const range = /^(.+?)\.\.(.+?)(:integer)?$/.exec(text)
  if (range !== null) return { kind: range[3] === undefined ? 'uniform' : 'integer', low: number(range[1]), high: number(range[2]) }
  const normal = /^(.+)~(.+)$/.exec(text)
  if (normal === null) return { kind: 'choice', values: text.split('|').map(number) }
  const [mean, sigma] = [number(normal[1]), number(normal[2])]
  return { kind: 'normal', mean, sigma, low: mean - 4 * sigma, high: mean + 4 * sigma }
}

/** A space from words of the form `path=low..high`, `path=low..high:integer`, `path=a|b|c` or `path=mean~sigma`. */
export function parseSpace(words: readonly string[]): Space {
  const entries = words.map((word) => {
    const [path, text] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
    if (!word.includes('=') || path === '' || text === '')
      throw new EngineError('sweep/bad-space', `\`${word}\` is not of the form path=low..high, path=a|b|c or path=mean~sigma`)
    return [path, distributionFrom(text, path)] as const
  })
  const twice = entries.find(([path], index) => entries.findIndex(([other]) => other === path) !== index)
  if (twice !== undefined) throw new EngineError('sweep/bad-space', `\`${twice[0]}\` varies twice; give one range or list`)
  return checkSpace(Object.fromEntries(entries))
}
