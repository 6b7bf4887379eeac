// What the test of a provider says in words: each failure with what lies behind it, and nothing passed that was not looked at.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checksOf, nextFor } from './connections/explain-test.ts'

const found = { works: true, problem: null, algorithms: ['RS256', 'HS256'], keys: 2, namesIssuer: true, backChannelLogout: true }
const failed = (problem: string) => checksOf({ ...found, works: false, problem }, 'oidc')

test('a provider that works passes every check, each with what it means', () => {
  const checks = checksOf(found, 'oidc')
  assert.deepEqual([...new Set(checks.map(({ verdict }) => verdict))], ['passed'])
  assert.ok(checks.some(({ said }) => said.includes('RS256') && !said.includes('HS256')))
})

test('a failure is said in the provider’s terms, with what usually lies behind it', () => {
  const [only, ...others] = failed('The identity provider does not work. Its name is not known here, or leads into an internal network.')
  assert.deepEqual(others, [])
  assert.equal(only?.said, 'Its name is not known here, or leads into an internal network.')
  assert.match(only?.next ?? '', /typing error/)
  assert.match(nextFor('It calls itself by another issuer than it is known by.'), /to the letter|slash at its end/)
  assert.match(nextFor('It does not accept us: invalid_client.'), /client id or the secret/)
  assert.match(nextFor('Something else.'), /send these words/)
})

test('what failed stands first; what was not looked at is not passed', () => {
  const weak = checksOf({ ...found, algorithms: ['HS256'], namesIssuer: false }, 'oidc')
  assert.deepEqual([weak[0]?.name, weak[0]?.verdict], ['How it signs', 'failed'])
  assert.equal(weak.find(({ name }) => name === 'It names itself')?.verdict, 'not_assessed')
  assert.equal(checksOf({ ...found, algorithms: [] }, 'oidc').find(({ name }) => name === 'How it signs')?.verdict, 'not_assessed')
  assert.equal(checksOf({ ...found, keys: 0 }, 'oidc')[0]?.verdict, 'failed')
})

test('by SAML a sign-in is never said to work, because nobody tried one', () => {
  const checks = checksOf({ ...found, keys: 1, problem: 'The provider’s last certificate ends on 2027-01-01.' }, 'saml')
  assert.equal(checks.find(({ name }) => name === 'A sign-in')?.verdict, 'not_assessed')
  assert.match(checks.find(({ name }) => name === 'Its last certificate')?.next ?? '', /new metadata/)
})
