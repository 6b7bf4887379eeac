// The filter grammar: what is read, what is refused, and that every tree is read back from its own text.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Seeded, seeded } from '../../../test/harness/seeded.ts'
import { isCoded } from '../../kernel/index.ts'
import { comparisons, type Filter, filterDepthMax, filterTermsMax, parseFilter, parsePath } from './filter.ts'

/** A tree as a text that has one reading. */
function textOf(filter: Filter): string {
  switch (filter.kind) {
    case 'present':
      return `${filter.path} pr`
    case 'compare':
      return `${filter.path} ${filter.op} ${JSON.stringify(filter.value)}`
    case 'and':
    case 'or':
      return filter.terms
        .map((term) => (term.kind === 'and' || term.kind === 'or' ? `(${textOf(term)})` : textOf(term)))
        .join(` ${filter.kind} `)
    case 'not':
      return `not (${textOf(filter.term)})`
    case 'within':
      return `${filter.path}[${textOf(filter.filter)}]`
  }
}

const paths = [
  'userName',
  'name.familyName',
  'emails.value',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  '$ref',
]
const values = ['x', '', 'a "b" \\ c', 'é\u2028', 7, -1.5, true, false, null]

function drawn(random: Seeded, depth: number, isWithin: boolean): Filter {
  const path = random.pick(paths)
  const choice = random.below(depth > 0 ? 7 : 2)
  const terms = () => Array.from({ length: 2 + random.below(2) }, () => drawn(random, depth - 1, isWithin))
  if (choice === 0) return { kind: 'present', path }
  if (choice === 2 || choice === 3) return { kind: choice === 2 ? 'and' : 'or', terms: terms() }
  if (choice === 4) return { kind: 'not', term: drawn(random, depth - 1, isWithin) }
  if (choice === 5 && !isWithin) return { kind: 'within', path: 'emails', filter: drawn(random, depth - 1, true) }
  return { kind: 'compare', path, op: random.pick(comparisons), value: random.pick(values) }
}

const refused = (text: string, why: RegExp) =>
  assert.throws(
    () => parseFilter(text),
    (error) => isCoded(error, 'filter_refused') && why.test(error.message),
    text.slice(0, 80),
  )

describe('a filter', () => {
  it('is read back as the same tree, for two thousand trees', () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const filter = drawn(seeded(seed), 3, false)
      assert.deepEqual(parseFilter(textOf(filter)), filter, `seed ${seed}: ${textOf(filter)}`)
    }
  })

  it('binds `and` before `or`, and knows its words in any case', () => {
    assert.deepEqual(parseFilter('a EQ "1" OR b Pr aNd NOT (c ne True)'), {
      kind: 'or',
      terms: [
        { kind: 'compare', path: 'a', op: 'eq', value: '1' },
        {
          kind: 'and',
          terms: [
            { kind: 'present', path: 'b' },
            { kind: 'not', term: { kind: 'compare', path: 'c', op: 'ne', value: true } },
          ],
        },
      ],
    })
  })

  it('is refused where it cannot be read, and says where', () => {
    for (const text of [
      '',
      ' ',
      'userName',
      'userName eq',
      'userName eq x',
      'userName = "x"',
      '"x" eq userName',
      'a eq "x" and',
      '(a pr',
      'a pr)',
      'a[b pr',
      'a pr b pr',
      "a eq 'x'",
      'a eq "x',
      'not a pr',
      'a[b[c pr]]',
      'a eq "\\ud800"',
    ])
      refused(text, /filter|surrogate/)
  })

  it('of ten thousand terms, of a hundred brackets, or without end is refused by the limit that it hits', () => {
    refused(Array.from({ length: filterTermsMax + 1 }, () => 'a pr').join(' or '), /at most 100 comparisons/)
    refused(Array.from({ length: 10_000 }, () => 'a pr').join(' or '), /at most 4096 characters/)
    const nested = (depth: number) => `${'('.repeat(depth)}a pr${')'.repeat(depth)}`
    assert.deepEqual(parseFilter(nested(filterDepthMax)), { kind: 'present', path: 'a' })
    refused(nested(filterDepthMax + 1), /nests at most 16 deep/)
    refused('not ('.repeat(100), /deep/)
  })
})

describe('a path', () => {
  it('names an attribute, some of its values, and a part of them', () => {
    assert.deepEqual(parsePath('name.familyName'), { path: 'name.familyName' })
    const filter = { kind: 'compare', path: 'type', op: 'eq', value: 'work' }
    assert.deepEqual(parsePath('emails[type eq "work"]'), { path: 'emails', filter })
    assert.deepEqual(parsePath('emails[type eq "work"].value'), { path: 'emails', filter, sub: 'value' })
  })

  it('is refused where it is none', () => {
    for (const text of ['', '[a pr]', '"x"', 'a b', 'emails[type eq "work"', 'emails[]', 'emails[a pr] x', `a${'.b'.repeat(3_000)}`])
      assert.throws(
        () => parsePath(text),
        (error) => isCoded(error, 'filter_refused') || isCoded(error, 'attribute_unknown'),
        text,
      )
  })
})
