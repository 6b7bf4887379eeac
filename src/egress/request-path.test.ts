import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../test/harness/seeded.ts'
import { isCoded } from '../kernel/index.ts'
import { readRequestPath } from './request-path.ts'

const refused = (error: unknown) => isCoded(error, 'path_refused')

// Ways to say another resource than the one that a rule was reviewed for, or to say one in two ways.
const hostileSpellings = [
  '',
  'accounts',
  'http://169.254.169.254/latest/meta-data/',
  'https://other.example/accounts',
  '//other.example/accounts',
  '///accounts',
  '/accounts//1',
  '/accounts/1//',
  '/.',
  '/..',
  '/./accounts',
  '/../accounts',
  '/accounts/.',
  '/accounts/..',
  '/accounts/../admin',
  '/accounts/./1',
  '/accounts/%2e%2e/admin',
  '/accounts/%2E%2E/admin',
  '/accounts/.%2e/admin',
  '/accounts/%2e./admin',
  '/accounts/%2e/1',
  '/accounts%2fadmin',
  '/accounts%2Fadmin',
  '/accounts/..%2fadmin',
  '/accounts%5cadmin',
  '/accounts%5C..%5Cadmin',
  '/accounts\\admin',
  '/accounts\\..\\admin',
  '/accounts/%252e%252e/admin',
  '/accounts/1%00.json',
  '/accounts/1\u0000',
  '/accounts/1%',
  '/accounts/1%2',
  '/accounts/1%zz',
  '/accounts/1%u002e',
  '/accounts/1#admin',
  '/accounts/1 HTTP/1.1',
  '/accounts/1\r\nHost: other.example',
  '/accounts/1\n',
  '/accounts/\t1',
  '/accounts/é',
  '/accounts/\uff0e\uff0e/admin',
  '/accounts/\u2215admin',
  '/accounts/{id}',
  '/accounts/<id>',
  '/accounts/"1"',
  '/accounts/`id`',
  '/accounts/a|b',
  '/accounts/a^b',
  '/accounts/1?next=\u0000',
  '/accounts/1?a b',
  '/accounts/1?q=é',
  '/accounts/1?a#b',
  '?/accounts',
  '*',
  ' /accounts',
]

describe('the path of a call', () => {
  it('is refused in every spelling that an upstream might read differently', () => {
    assert.ok(hostileSpellings.length >= 40)
    for (const text of hostileSpellings) assert.throws(() => readRequestPath(text), refused, JSON.stringify(text))
  })

  it('is taken as it stands where it is plain, and split from its query', () => {
    for (const [text, path, query] of [
      ['/', '/', ''],
      ['/accounts', '/accounts', ''],
      ['/accounts/', '/accounts/', ''],
      ['/accounts/1/invoices?limit=20&from=2', '/accounts/1/invoices', '?limit=20&from=2'],
      ['/accounts?next=/../admin//x', '/accounts', '?next=/../admin//x'],
      ['/a?b?c', '/a', '?b?c'],
      ['/a?', '/a', '?'],
      ['/files/report.v1..2.json', '/files/report.v1..2.json', ''],
      ['/files/...', '/files/...', ''],
      ['/.well-known/jwks', '/.well-known/jwks', ''],
      ['/names/caf%C3%A9', '/names/caf%C3%A9', ''],
      ["/a;b=1/c,d:e@f!$&'()+=~_-", "/a;b=1/c,d:e@f!$&'()+=~_-", ''],
    ] as const) {
      assert.deepEqual(readRequestPath(text), { path, query }, text)
    }
  })

  it('has at most 2000 characters, query included', () => {
    assert.equal(readRequestPath(`/${'a'.repeat(1999)}`).path.length, 2000)
    assert.throws(() => readRequestPath(`/${'a'.repeat(2000)}`), refused)
    assert.throws(() => readRequestPath(`/a?${'b'.repeat(2000)}`), refused)
  })

  it('that is accepted is what a URL parser makes of it: nothing is normalised, no segment is lost', () => {
    let accepted = 0
    for (let seed = 1; seed <= 20_000; seed++) {
      const random = seeded(seed)
      const text = `/${Array.from({ length: 1 + random.below(5) }, () => random.pick(['a', 'b1', '/', '.', '..', '%2e', '%2F', '%41', ';', '?', '#', '\\', '%', '//', '@', ':', '%5c', 'é', ' ', '*'])).join('')}`
      let read: ReturnType<typeof readRequestPath>
      try {
        read = readRequestPath(text)
      } catch (error) {
        assert.ok(refused(error), `seed ${seed}: ${String(error)}`)
        continue
      }
      accepted++
      const url = new URL(`http://upstream.example${text}`)
      assert.equal(url.host, 'upstream.example', `seed ${seed}: ${text}`)
      assert.equal(url.pathname, read.path, `seed ${seed}: ${text}`)
      assert.equal(`${read.path}${read.query}`, text, `seed ${seed}: ${text}`)
      assert.ok(
        read.path
          .slice(1)
          .split('/')
          .every((segment, at, all) => segment !== '' || at === all.length - 1),
        `seed ${seed}: ${text}`,
      )
    }
    assert.ok(accepted > 2000, `the property was tried on paths that are accepted: ${accepted}`)
  })
})
