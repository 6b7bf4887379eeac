// What may be the text of a guardrail, tried by somebody who writes whatever he likes.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded, type Ports, type Tx } from '../../kernel/index.ts'
import { smallCatalogue } from '../fixtures/small-catalogue.ts'
import { cedarSchema } from '../schema.ts'
import { type GuardrailTerms, inForce } from './in-force.ts'
import { requireSound, requireSoundText } from './sound.ts'

const schema = cedarSchema(smallCatalogue)
const terms = (policy: string, more: Partial<GuardrailTerms> = {}): GuardrailTerms => ({
  slug: 'one',
  policy,
  environment_classes: [],
  sensitivity: null,
  ...more,
})
const sound = (policy: string, more: Partial<GuardrailTerms> = {}) => requireSoundText(terms(policy, more), schema)

function refused(policy: string, more: Partial<GuardrailTerms> = {}) {
  try {
    sound(policy, more)
  } catch (error) {
    if (!isCoded(error)) throw error
    const { code, message, notes } = error
    assert.equal(notes.pointer, '/policy', message)
    return { code, message, next: notes.next, place: [notes.facts?.line, notes.facts?.column] }
  }
  return assert.fail(`${policy} is not refused`)
}

const noLaunch = 'forbid(principal, action == Action::"run:launch", resource);'
const stem = noLaunch.slice(0, -1)

describe('the text of a guardrail', () => {
  it('that Cedar cannot read, or that speaks of what there is not, is refused with the place and what was meant', () => {
    const places = [
      ['forbid(principal, action, resource)\nwhen { context.environmentClass == };', [2, 36]],
      ['forbid(principal,\n action == Action::"run:launc", resource);', [2, 12]],
      [`${stem}\nwhen { resource.sensitivty > 2 };`, [2, 8]],
      [`${stem}\nwhen { resource.sensitivity > "high" };`, [2, 31]],
      [`${noLaunch}\n${noLaunch}`, [2, 1]],
      ['forbid(principal == ?principal, action, resource);', [1, 21]],
      ['nonsense', [1, 9]],
      ['// nothing', [1, 1]],
    ] as const
    for (const [policy, place] of places) {
      const told = refused(policy)
      assert.deepEqual([told.code, told.place], ['invalid', place], told.message)
      assert.match(told.message, /^Line \d+, column \d+: [A-Z`]/)
    }
    assert.match(String(refused('forbid(principal, action == Action::"run:launc", resource);').next), /run:launch/)
  })

  it('only forbids, carries no annotations, and forbids something', () => {
    for (const [policy, said] of [
      ['permit(principal, action, resource);', /A guardrail forbids/],
      ['@id("x") forbid(principal, action, resource);', /annotations/],
      [`${stem} when { false };`, /impossible/],
      [`${stem} when { principal in Group::"grp_x" };`, /Group/],
    ] as const)
      assert.match(refused(policy).message, said)
    assert.match(
      refused('forbid(principal, action == Action::"desk:use", resource);', { sensitivity: 'internal' }).message,
      /forbid nothing/,
    )
  })

  it('is measured before any parser sees it', () => {
    const deep = refused(`${stem} when { ${'('.repeat(10_000)}true${')'.repeat(10_000)} };`)
    assert.deepEqual([deep.code, /deeper than \d+/.test(deep.message)], ['too_large', true])
    const long = refused(`${stem} when { context.environment == "${'x'.repeat(9_000)}" };`)
    assert.deepEqual([long.code, /8192 characters/.test(long.message)], ['too_large', true])
    sound(noLaunch)
  })

  it('is plain ASCII: no letters that look alike, no marks that turn or hide what is written', () => {
    for (const sign of ['\u043e', '\u202e', '\u200b', '\u00a0', '\u0000', '\u{e0041}', '\r', '\ufeff']) {
      const told = refused(`forbid(principal, action, resource)\n  when { context.environmentClass == "pr${sign}duction" };`)
      assert.deepEqual([told.code, told.place], ['invalid', [2, 41]], told.message)
      assert.match(told.message, /plain ASCII/)
    }
    assert.match(refused(`${stem} when { context.environmentClass == "pr\\u{43e}duction" };`).message, /mixed scripts/)
  })

  it('is decided by exactly as it is written, whatever brackets, quotes and comments try to move', () => {
    const tricks = [
      'forbid(principal, action == Action::"run:launch", resource) // ) unless { true }\n;',
      'forbid( // (\nprincipal, action == Action::"run:launch", resource)\nwhen { context.environment != ")" };',
      `${stem} when { context.environment like "*(\\"*" || context.minute > 3 } unless { context.weekday == 1 };`,
      'forbid(principal in Thing::")", action == Action::"run:launch", resource);',
    ]
    for (const policy of tricks.slice(0, 3)) sound(policy, { environment_classes: ['staging'], sensitivity: 'internal' })
    assert.equal(refused(tricks[3] ?? '').code, 'invalid')
    const said = inForce(terms(noLaunch, { environment_classes: ['staging', 'production'], sensitivity: 'confidential' })).text
    assert.equal(
      said,
      `${stem} unless { action in Action::"way-out" } when { ["staging", "production"].contains(context.environmentClass) } when { resource has sensitivity && resource.sensitivity >= 2 };`,
    )
  })
})

describe('a text that was found valid', () => {
  it('is not looked at by strict validation again in its organization; another is, and what is refused is refused each time', async () => {
    let looks = 0
    const guardrails = {
      get schema() {
        looks++
        return schema
      },
    }
    // reason: of what a transaction and the ports can do, a text that names nothing but actions needs the schema alone
    const within = (org: string) => ({ tx: {} as Tx, ports: { guardrails } as unknown as Ports, org })
    for (const [org, policy, looked] of [
      ['org_a', noLaunch, 1],
      ['org_a', noLaunch, 1],
      ['org_b', noLaunch, 2],
      ['org_a', `${stem} when { context.minute > 1 };`, 3],
    ] as const) {
      await requireSound(within(org), terms(policy))
      assert.equal(looks, looked, `${org} ${policy}`)
    }
    await requireSound(within('org_a'), terms(noLaunch, { environment_classes: ['staging'] }))
    assert.equal(looks, 4, 'it is another policy that is decided by')
    for (const looked of [5, 6]) {
      await assert.rejects(requireSound(within('org_a'), terms(`${stem} when { false };`)), /impossible/)
      assert.equal(looks, looked)
    }
  })
})
