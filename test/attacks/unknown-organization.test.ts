// A credential that names an organization which does not exist is nobody's, like any other: it must neither be told apart from a wrong one, nor count as a
// fault of ours (500, with a line in the log for each).
import { after, before, test } from 'node:test'
import { actingWith } from '../../src/app/starter/people.ts'
import { refused } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
before(async () => {
  h = await openStarter({ runsMax: 0 })
})
after(() => h.close())

test('a link, a session and a token of an organization that does not exist are answered as wrong ones of one that does', async () => {
  const nowhere = `org_${'0'.repeat(26)}`
  const secret = 'A'.repeat(43)
  for (const org of [h.starter.org, nowhere]) {
    await refused(actingWith(h.twinlock.door, { kind: 'session', token: `tws_${org}.${secret}` })('session:show', {}), 'unauthenticated')
    await refused(actingWith(h.twinlock.door, { kind: 'link', token: `twl_${org}.${secret}` })('session:create', {}), 'unauthenticated')
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = {
      iss: `http://twinlock.test/o/${org}/e/env_${'0'.repeat(26)}`,
      sub: 'spiffe://a.b/run/c',
      aud: 'http://twinlock.test',
      iat: 1,
      exp: 2,
      jti: 'x',
    }
    const token = `${encode({ alg: 'ES256', kid: 'x', typ: 'JWT' })}.${encode(claims)}.${'A'.repeat(86)}`
    await refused(actingWith(h.twinlock.door, { kind: 'token', token })('session:show', {}), /^(unauthenticated|token_.*|not_found)$/)
  }
})
