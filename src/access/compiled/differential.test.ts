// The proof of the compiler: generated policies, asked of cedar-wasm and of the compiled form, get the same decision, reasons and errors.
// TWINLOCK_CEDAR_SEED chooses the first seed, TWINLOCK_CEDAR_CASES how many pairs of policy and request are compared.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compare, compiledAnswers, type Disagreement, makeWorld, outcomeOf, referenceAnswers, type World } from './fixtures/differential.ts'
import { seededFaults } from './fixtures/seeded-faults.ts'

const seed = Number(process.env.TWINLOCK_CEDAR_SEED ?? 20_260_101)
const cases = Number(process.env.TWINLOCK_CEDAR_CASES ?? 24_000)

function told(disagreement: Disagreement): string {
  const { request, reference, compiled, policies } = disagreement
  return [
    `TWINLOCK_CEDAR_SEED=${disagreement.seed} TWINLOCK_CEDAR_CASES=1 shows it again:`,
    ...policies,
    `request ${JSON.stringify(request, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
    `cedar-wasm ${JSON.stringify(reference)}`,
    `compiled   ${JSON.stringify(compiled)}`,
  ].join('\n')
}

describe('the compiled form of generated policies', () => {
  it(`answers as cedar-wasm does: decision, reasons and errors, in ${cases} cases from seed ${seed}`, (test) => {
    const total = { cases: 0, satisfied: 0, errors: 0 }
    for (let next = seed; total.cases < cases; next++) {
      const outcome = compare(makeWorld(next))
      const [first] = outcome.disagreements
      if (first !== undefined) assert.fail(told(first))
      total.cases += outcome.cases
      total.satisfied += outcome.satisfied
      total.errors += outcome.errors
    }
    test.diagnostic(`seed ${seed}: ${total.cases} cases, ${total.satisfied} satisfied, ${total.errors} with an error`)
    assert.ok(total.satisfied > total.cases / 10, 'the generator makes policies that are satisfied')
    assert.ok(total.errors > total.cases / 50, 'the generator makes policies that err')
  })
})

describe('the differential proof', () => {
  const worlds: { readonly world: World; readonly reference: ReturnType<typeof referenceAnswers> }[] = []
  const worldAt = (at: number) => {
    const known = worlds[at]
    if (known !== undefined) return known
    const world = makeWorld(at)
    const made = { world, reference: referenceAnswers(world) }
    worlds[at] = made
    return made
  }

  for (const { name, operators } of seededFaults) {
    it(`notices a compiler in which ${name}`, () => {
      const worldsMax = 60
      const isNoticed = Array.from({ length: worldsMax }, (_, at) => at).some((at) => {
        const { world, reference } = worldAt(at)
        return outcomeOf(world, reference, compiledAnswers(world, operators)).disagreements.length > 0
      })
      assert.ok(isNoticed, `no answer of ${worldsMax} worlds differs`)
    })
  }
})
