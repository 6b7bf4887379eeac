import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../test/harness/seeded.ts'
import { isCoded } from './errors.ts'
import { type IdPrefix, idPrefixes, isId, newId, parseId } from './ids.ts'

const clockAt = (now: number) => ({ now: () => now, monotonic: () => now })
const chance = (seed: number) => {
  const random = seeded(seed)
  return { bytes: (count: number) => Uint8Array.from({ length: count }, () => random.below(256)) }
}
const made = (prefix: IdPrefix, now: number, seed: number) => newId(prefix, { clock: clockAt(now), random: chance(seed) })

describe('ids', () => {
  it('sort by the time of their making, whatever their random part is', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = seeded(seed)
      const earlier = random.below(2 ** 31) * 2 ** 16 + random.below(2 ** 16)
      const later = earlier + 1 + random.below(2 ** 20)
      assert.ok(made('run', earlier, seed) < made('run', later, seed + 7), `seed ${seed}`)
    }
  })

  it('of one moment differ by 80 random bits', () => {
    const ids = new Set(Array.from({ length: 1000 }, (_, at) => made('run', 1_700_000_000_000, at)))
    assert.equal(ids.size, 1000)
    const ends = new Set([...ids].map((id) => id.slice(14)))
    assert.equal(ends.size, 1000)
    assert.equal(new Set([...ids].map((id) => id.slice(0, 14))).size, 1)
  })

  it('hold the time until the year 10889', () => {
    assert.equal(made('ent', 0, 1).slice(4, 14), '0000000000')
    assert.equal(made('ent', 2 ** 48 - 1, 1).slice(4, 14), '7zzzzzzzzz')
  })

  it('of every kind are read back as that kind and as no other', () => {
    const kinds = Object.keys(idPrefixes) as IdPrefix[] // the keys of the table are the type
    for (const kind of kinds) {
      const id = made(kind, 1_700_000_000_000, 3)
      assert.equal(parseId(kind, id), id)
      for (const other of kinds) assert.equal(isId(other, id), other === kind, `${id} as ${other}`)
    }
  })

  it('are read strictly; a malformed one looks like an unknown one', () => {
    const id = made('run', 1_700_000_000_000, 5)
    const wrong = [
      '',
      'run',
      'run_',
      id.slice(0, -1),
      `${id}0`,
      `${id}\n`,
      ` ${id}`,
      id.toUpperCase(),
      id.replace('_', '-'),
      `run_${'i'.repeat(26)}`,
    ]
    for (const text of [...wrong, `run_${'u'.repeat(26)}`, `run_${'٣'.repeat(26)}`, `${id}\u0000`, `run_${"'".repeat(26)}`]) {
      assert.equal(isId('run', text), false, JSON.stringify(text))
      assert.throws(
        () => parseId('run', text),
        (error) => isCoded(error, 'not_found') && error.message === 'There is no run with this id.',
      )
    }
    for (const value of [undefined, null, 7, {}, [id]]) assert.equal(isId('run', value), false)
  })
})
