// What the fields of a connection come to.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectionOf, faultOfUrl } from './connection-terms.ts'
import { noCredential } from './credential-terms.ts'

const me = 'per_00000000000000000000000000'
const typed = { slug: 'accounts', baseUrl: ' https://accounts.example/api ' }
const search = { environment: 'env_00000000000000000000000000' }
const given = { ...noCredential, isGiven: true, header: 'authorization', value: 'Bearer 0123456789' }

describe('a new connection', () => {
  it('lacks one thing at a time, in the order of its fields', () => {
    const lacksOf = (it: object, fields = typed, credential = noCredential) =>
      connectionOf(it as typeof search, fields, credential, me).lacks
    assert.equal(lacksOf({}), 'Choose its environment.')
    assert.equal(lacksOf(search, { ...typed, slug: '' }), 'Say what it is called.')
    assert.match(lacksOf(search, { ...typed, slug: 'Not One' }) ?? '', /lower-case/)
    assert.match(lacksOf(search, { ...typed, baseUrl: 'accounts' }) ?? '', /https/)
    assert.match(lacksOf(search, typed, { ...given, header: 'X Y' }) ?? '', /header/)
    assert.match(lacksOf(search, typed, { ...given, value: 'short' }) ?? '', /eight/)
    assert.equal(lacksOf(search, typed, given), undefined)
  })

  it('holds no credential in what is asked beforehand, and none in its address', () => {
    const { input } = connectionOf(search, typed, given, me)
    assert.equal(JSON.stringify(input).includes(given.value), false)
    assert.equal(input.baseUrl, 'https://accounts.example/api')
    assert.match(faultOfUrl('https://me:secret@accounts.example') ?? '', /credential/)
    assert.match(faultOfUrl('https://accounts.example/?key=1') ?? '', /question mark/)
    for (const text of ['javascript:alert(1)', 'ftp://x', '', 'https://']) assert.ok(faultOfUrl(text), text)
  })

  it('takes no word of its address for more than it can mean', () => {
    const { input } = connectionOf({ ...search, access: 'everything', sensitivity: '<b>' } as typeof search, typed, noCredential, me)
    assert.deepEqual([input.access, input.sensitivity, input.owner], ['read', 'internal', me])
  })
})
