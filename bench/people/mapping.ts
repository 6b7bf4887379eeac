// A mapping that speaks of 10,000 people: what it takes to give each of them what it gives, to say beforehand who would be given it, and to take it away again.
import type { Act } from '../../test/harness/acting.ts'
import { asSuperuser } from '../../test/harness/database.ts'
import type { World } from '../../test/harness/world.ts'
import type { Figure } from '../figure.ts'

const people = 10_000
const reason = 'A benchmark needs it.'

async function taking(
  work: () => Promise<Record<string, unknown>>,
): Promise<{ readonly ms: number; readonly answer: Record<string, unknown> }> {
  const began = performance.now()
  const answer = await work()
  return { ms: performance.now() - began, answer }
}

const figure = (name: string, value: number, isWhole: boolean): Figure => ({
  name: `a mapping over ${people.toLocaleString('en-US')} people: ${name}`,
  value,
  unit: 'ms',
  goal: '< 3,000 ms',
  ok: isWhole && value < 3_000,
})

/** Measures, in a world whose users have titles from `Title 0` to `Title 99`, as many of each. */
export async function mapping(world: World): Promise<Figure[]> {
  const admin: Act = await world.as('admin')
  await asSuperuser(world.twinlock, (client) =>
    client.query(
      `update directory_user set doc = doc || '{"userType": "Mapped"}', said = '{"userType": "mapped"}' where person_id in (select person_id from directory_user where user_name_key like 'user%' order by person_id limit ${people})`,
    ),
  )
  // Declared, so that each of them is looked at.
  await admin('conflict:declare', { slug: 'bench', one: ['author'], other: ['exporter'], reason })
  const wish = { when: [{ attribute: 'userType', oneOf: ['Mapped'] }], gives: [{ role: 'observer' }] }
  const foretold = await taking(() => admin('mapping:preview', wish))
  const made = await taking(() => admin('mapping:create', { slug: 'bench', title: 'Bench', ...wish, reason }))
  const over = await taking(() => admin('mapping:retire', { mapping: made.answer.id, reason }))
  const { gain } = foretold.answer.counts as { gain: number } // the action's schema has checked it
  return [
    figure('a preview of it', foretold.ms, gain === people),
    figure('made', made.ms, made.answer.made === people),
    figure('retired', over.ms, over.answer.ended === people),
  ]
}
