// Changes to documents, as RFC 7644 says them and as Entra and Okta do.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded } from '../../kernel/index.ts'
import { userKind } from './attributes.ts'
import type { Doc } from './document.ts'
import { patchDocument, readOperations } from './patch.ts'
import { readDocument } from './read-document.ts'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const before: Doc = {
  userName: 'ada',
  active: true,
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [
    { type: 'work', value: 'ada@work.example', primary: true },
    { type: 'home', value: 'ada@home.example' },
  ],
}
const patched = (Operations: unknown, doc = before) => patchDocument(userKind, doc, readOperations({ Operations }), 'per_x')
const code = (Operations: unknown): string => {
  try {
    patched(Operations)
  } catch (error) {
    return isCoded(error) ? error.code : String(error)
  }
  return 'none'
}

describe('a change', () => {
  it('reads Entra: operations in any case, booleans as texts, URNs and dots in an object, a manager as a text', () => {
    const next = patched([
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Add', path: 'name.middleName', value: 'King' },
      { op: 'Replace', value: { 'name.familyName': 'Lovelace', [`${enterprise}:department`]: 'Engines', unknown: 1 } },
      { op: 'Add', path: `${enterprise}:manager`, value: 'per_boss' },
    ])
    assert.equal(next.active, false)
    assert.deepEqual(next.name, { givenName: 'Ada', familyName: 'Lovelace', middleName: 'King' })
    assert.deepEqual(next[enterprise], { department: 'Engines', manager: { value: 'per_boss' } })
  })

  it('reads Okta: an object without a path, with its own id in it', () => {
    assert.equal(patched([{ op: 'replace', value: { id: 'per_x', active: false } }]).active, false)
    assert.equal(code([{ op: 'replace', value: { id: 'per_y' } }]), 'read_only')
  })

  it('finds values by a filter, makes one that is not there of what the filter asks, and takes out what is named', () => {
    assert.deepEqual(patched([{ op: 'replace', path: 'emails[type eq "work"].value', value: 'a@b.example' }]).emails, [
      { type: 'work', value: 'a@b.example', primary: true },
      { type: 'home', value: 'ada@home.example' },
    ])
    assert.deepEqual(patched([{ op: 'add', path: 'phoneNumbers[type eq "mobile"].value', value: '1' }]).phoneNumbers, [
      { type: 'mobile', value: '1' },
    ])
    assert.deepEqual(patched([{ op: 'remove', path: 'emails[type eq "home"]' }]).emails, [
      { type: 'work', value: 'ada@work.example', primary: true },
    ])
    assert.deepEqual(patched([{ op: 'Remove', path: 'emails', value: [{ value: 'ada@work.example' }] }]).emails, [
      { type: 'home', value: 'ada@home.example' },
    ])
    assert.equal(code([{ op: 'replace', path: 'emails[type co "x"].value', value: 'y' }]), 'no_target')
  })

  it('leaves one value of a list primary', () => {
    const next = patched([{ op: 'replace', path: 'emails[type eq "home"].primary', value: true }])
    assert.deepEqual(
      (next.emails as readonly Doc[]).map(({ primary }) => primary),
      [false, true],
    ) // a list of objects, as above
  })

  it('refuses what is set here, what there is not, what cannot be held, and what would leave nobody’s name', () => {
    for (const path of ['id', 'meta', 'meta.version', 'groups', 'groups[value eq "grp_x"]', `${enterprise}:manager.displayName`])
      assert.equal(code([{ op: 'replace', path, value: 'x' }]), 'read_only', path)
    for (const path of ['shoeSize', 'name.shoe', 'emails[type eq "work"].shoe', 'name[givenName eq "Ada"]'])
      assert.equal(code([{ op: 'add', path, value: 'x' }]), 'attribute_unknown', path)
    assert.equal(code([{ op: 'remove' }]), 'no_target')
    assert.equal(code([{ op: 'remove', path: 'userName' }]), 'value_refused')
    assert.equal(code([{ op: 'replace', path: 'active', value: 'maybe' }]), 'value_refused')
    assert.equal(code([{ op: 'replace', path: 'title', value: 'x'.repeat(1_025) }]), 'value_refused')
    assert.equal(
      code([{ op: 'add', path: 'emails', value: Array.from({ length: 51 }, (_, at) => ({ value: `${at}@x.example` })) }]),
      'value_refused',
    )
    assert.equal(code([{ op: 'move', path: 'title', value: 'x' }]), 'value_refused')
    assert.equal(code([]), 'value_refused')
    assert.equal(code(Array.from({ length: 1_001 }, () => ({ op: 'add', path: 'title', value: 'x' }))), 'value_refused')
  })
})

describe('a resource', () => {
  it('keeps what is known under its own spelling, and neither a password nor what is set here', () => {
    const read = readDocument(userKind, {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
      USERNAME: 'ada',
      Password: 'secret',
      id: 'per_mine',
      meta: { version: 'W/"9"' },
      groups: [{ value: 'grp_admins' }],
      emails: 'ada@work.example',
      [enterprise]: { employeeNumber: 7, manager: { displayName: 'Boss' } },
      shoeSize: 40,
    })
    assert.deepEqual(read, { userName: 'ada', emails: [{ value: 'ada@work.example' }], [enterprise]: { employeeNumber: '7' } })
  })
})
