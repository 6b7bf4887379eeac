import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { seeded } from '../../test/harness/seeded.ts'
import { canonicalText, type Json, type OrgId, type Ports, type Principal, utf8 } from '../kernel/index.ts'
import { commitText } from '../ledger/index.ts'
import { composeEntry, type EntryDraft } from './entry.ts'

const org = 'org_00000000000000000000000000' as OrgId // its form is an id's
const chance = seeded(7)
const ports = {
  random: { bytes: (count: number) => Uint8Array.from({ length: count }, () => chance.below(256)) },
  sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
} as Pick<Ports, 'random' | 'sha256'> as Ports // composing an entry asks for chance and digests alone

const operator: Principal = {
  kind: 'person',
  id: 'per_1',
  org,
  name: 'operator-slug',
  clearance: 2,
  chain: ['per_1'],
  credential: 'ses_1',
}

const draft: EntryDraft = {
  id: 'ent_1',
  at: 1_767_323_045_678,
  action: 'grant:create',
  outcome: 'done',
  principal: operator,
  resource: { type: 'Organization', id: org },
  environment: { id: 'env_1', class: 'staging' },
  policies: ['grt_9', 'own/self', 'grt_8'],
  version: 4,
  facts: { role: 'operator', count: 2 },
  related: [
    { rel: 'grant', type: 'Grant', id: 'grt_9' },
    { rel: 'grantee', type: 'Person', id: 'per_2' },
    { rel: 'grantee', type: 'Person', id: 'per_2' },
    { rel: 'nothing', type: 'Person', id: '' },
  ],
  texts: { reason: 'Her address is someone@example.test', name: 'Some Body' },
  request: 'req-1',
}

describe('an entry', () => {
  it('is canonical JSON that says who did what to what, under which policies, at which version', () => {
    const { body } = composeEntry(draft, ports)
    const read: Record<string, Json> = JSON.parse(body)
    assert.equal(canonicalText(read), body)
    const { texts, ...rest } = read
    assert.deepEqual(rest, {
      v: 1,
      id: 'ent_1',
      org,
      at: '2026-01-02T03:04:05.678Z',
      action: 'grant:create',
      outcome: 'done',
      actor: { type: 'Person', id: 'per_1', chain: ['per_1'], credential: 'ses_1' },
      resource: { type: 'Organization', id: org },
      environment: { id: 'env_1', class: 'staging' },
      policies: ['grt_9', 'own/self', 'grt_8'],
      version: 4,
      facts: { role: 'operator', count: 2 },
      related: [
        { rel: 'grant', type: 'Grant', id: 'grt_9' },
        { rel: 'grantee', type: 'Person', id: 'per_2' },
        { rel: 'grantee', type: 'Person', id: 'per_2' },
        { rel: 'nothing', type: 'Person', id: '' },
      ],
      request: 'req-1',
    })
    assert.deepEqual(Object.keys(Object(texts)).sort(), ['name', 'reason'])
  })

  it('commits to its free texts by salted digests that verify, and holds none of them', () => {
    const { body, sidecars } = composeEntry(draft, ports)
    const { texts } = JSON.parse(body)
    assert.equal(sidecars.length, 2)
    for (const { name, salt, content } of sidecars) {
      assert.equal(texts[name], commitText(ports.sha256, salt, content))
      assert.equal(
        texts[name],
        createHash('sha256')
          .update(utf8(`${salt}\0${content}`))
          .digest('hex'),
      )
      assert.notEqual(texts[name], commitText(ports.sha256, salt, `${content} `))
      assert.equal(body.includes(content), false)
      assert.equal(body.includes(salt), false)
    }
    for (const personal of ['someone@example.test', 'Some Body', 'operator-slug']) assert.equal(body.includes(personal), false, personal)
  })

  it('of the same text twice commits to it differently: nobody can tell that it is the same', () => {
    const [one, two] = [composeEntry(draft, ports), composeEntry(draft, ports)]
    assert.notEqual(JSON.parse(one.body).texts.reason, JSON.parse(two.body).texts.reason)
    assert.notEqual(one.sidecars[0]?.salt, two.sidecars[0]?.salt)
  })

  it('is found by its resource, its actor, its grants and what it speaks of, each once', () => {
    assert.deepEqual(composeEntry(draft, ports).refs, [
      { ref_id: org, rel: 'resource' },
      { ref_id: 'per_1', rel: 'actor' },
      { ref_id: 'grt_9', rel: 'grant' },
      { ref_id: 'grt_8', rel: 'grant' },
      { ref_id: 'per_2', rel: 'grantee' },
    ])
  })

  it('without texts, facts or an environment does not speak of them', () => {
    const { texts: _texts, facts: _facts, related: _related, environment: _environment, ...bare } = draft
    const { body, sidecars } = composeEntry({ ...bare, outcome: 'denied', code: 'denied', policies: [] }, ports)
    assert.deepEqual(Object.keys(JSON.parse(body)).sort(), [
      'action',
      'actor',
      'at',
      'code',
      'id',
      'org',
      'outcome',
      'policies',
      'request',
      'resource',
      'v',
      'version',
    ])
    assert.deepEqual(sidecars, [])
  })
})
