// SCIM's filters and paths: attacker-controlled texts of identity providers, read by a grammar of our own.
import assert from 'node:assert/strict'
import { type Filter, parseFilter, parsePath } from '../../../src/identity/index.ts'
import { spoilText } from '../hostile.ts'
import { type Target, target } from '../target.ts'

const filters = [
  'userName eq "a@b.example"',
  'emails[type eq "work" and value co "@b"] or not (title pr)',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department sw "x" and meta.lastModified gt "2026-01-01T00:00:00Z"',
  '((active eq true) and (name.familyName ne null or externalId eq 7.5e3))',
]
const paths = ['name.familyName', 'emails[type eq "work"].value', 'members[value eq "per_1" or value eq "per_2"]']

function termsIn(filter: Filter): number {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.terms.reduce((sum, term) => sum + termsIn(term), 0)
  if (filter.kind === 'not') return termsIn(filter.term)
  return filter.kind === 'within' ? termsIn(filter.filter) : 1
}

/** The readers of filters and paths. */
export const filterTargets: readonly Target[] = [
  target<string>({
    name: 'scim-filter',
    share: 30,
    draw: (random) => spoilText(random, random.pick(filters)),
    put(text) {
      const terms = termsIn(parseFilter(text))
      assert.ok(terms >= 1 && terms <= 100)
    },
  }),
  target<string>({
    name: 'scim-path',
    share: 15,
    draw: (random) => spoilText(random, random.pick(paths)),
    put(text) {
      const { path } = parsePath(text)
      assert.ok(text.startsWith(path) && path.length > 0)
    },
  }),
]
