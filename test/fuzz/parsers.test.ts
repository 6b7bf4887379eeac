// Everything of ours that reads what others wrote, against inputs near to what it expects: 190,000 of them, drawn from a seed. It refuses in the words
// that it promises, within a second, and what it answers is right. `TWINLOCK_FUZZ_SEED=7 TWINLOCK_FUZZ_TIMES=10` draws others, and more of them.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { notFuzzed, readers } from './readers.ts'
import { baseSeed, inputs, times } from './settings.ts'
import { attack, seedOf, type Target, target, tell } from './target.ts'
import { inputsFor, targets } from './targets/all.ts'

const defectsMax = 3

/** Attacks a target again and again; answers what is wrong with it, in sentences, the first few alone. */
async function defectsOf(it: Target, count: number): Promise<string[]> {
  const told: string[] = []
  for (let number = 0; number < count && told.length < defectsMax; number++) {
    const defect = await attack(it, seedOf(baseSeed, it.name, number))
    if (defect !== undefined) told.push(tell(defect))
  }
  return told
}

describe(`what others wrote is refused as promised, from seed ${baseSeed}`, () => {
  for (const one of targets) {
    const count = inputsFor(one, inputs.readers)
    it(`${one.name}: ${count} inputs`, async () => {
      const told = await defectsOf(one, count)
      assert.equal(told.length, 0, `\n${told.join('\n')}`)
    })
  }
})

describe('the fuzzer itself', () => {
  it('draws the same input from the same seed, and others from others', () => {
    for (const one of targets) {
      const draw = (seed: number): string => seedOf(seed, one.name, 3).toString()
      assert.equal(draw(1), draw(1))
      assert.notEqual(draw(1), draw(2))
    }
  })

  it('finds a reader that fails in another way than it promises, one that answers wrongly, and one that takes too long', async () => {
    const broken = (put: () => unknown): Target => target({ name: 'broken', share: 1, draw: () => 'input', put })
    const wait = (): void => {
      const began = performance.now()
      while (performance.now() - began < 60);
    }
    for (const [put, why] of [
      [() => Reflect.apply(Reflect.get({}, 'missing'), undefined, []), /broken, seed 7: TypeError/],
      [() => assert.equal(1, 2), /AssertionError/],
      [async () => assert.fail('later'), /later/],
      [wait, /It took \d+ ms; nothing may take longer than 50/],
    ] as const) {
      const defect = await attack(broken(put), 7, 50)
      assert.ok(defect !== undefined)
      assert.match(tell(defect), why)
      assert.match(tell(defect), /again: node test\/fuzz\/one\.ts broken 7/)
    }
  })

  it('gives every reader its share, and all of them together as many as promised', () => {
    const counts = targets.map((one) => inputsFor(one, inputs.readers))
    assert.ok(Math.min(...counts) >= 100, 'a reader that nobody attacks is not tested')
    assert.ok(counts.reduce((sum, count) => sum + count, 0) >= inputs.readers)
    assert.ok(Object.values(inputs).reduce((sum, count) => sum + count, 0) >= 200_000 * times)
  })

  it('attacks every reader of texts and bytes that there is', () => {
    const unknown = readers().filter(({ name, isAttacked }) => !isAttacked && notFuzzed[name] === undefined)
    assert.deepEqual(
      unknown.map(({ file, name }) => `${name} in ${file}`),
      [],
      'add a target for it in test/fuzz/targets, or say in test/fuzz/readers.ts why it needs none',
    )
    const names = new Set(readers().map(({ name }) => name))
    assert.deepEqual(
      Object.keys(notFuzzed).filter((name) => !names.has(name)),
      [],
      'there is no such reader any more',
    )
  })
})
