import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { canEnter, findPasswdEntry, resolveDatabaseUser } from './database-user.ts'
import { throwAwayFolder } from './throw-away-folder.ts'

test('a user is found by its whole name, with ids as stat shows them', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\nnobody2:x:7:7::/:/bin/false\nnobody:*:-2:-2:Unprivileged:/var/empty:/usr/bin/false\n'
  assert.deepEqual(findPasswdEntry(passwd, 'nobody'), { uid: 4_294_967_294, gid: 4_294_967_294 })
  assert.equal(findPasswdEntry(passwd, 'body'), undefined)
  assert.equal(findPasswdEntry('nobody:x:many:65534::/:/bin/false', 'nobody'), undefined)
  assert.equal(findPasswdEntry('# nobody\n', 'nobody'), undefined)
})

test('the database never runs as root', () => {
  const user = resolveDatabaseUser()
  assert.notEqual(user.uid, 0)
  assert.equal(user.lent, process.geteuid?.() === 0)
})

test('a folder behind a closed one cannot be entered', (t) => {
  const folder = throwAwayFolder()
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const user = resolveDatabaseUser()
  mkdirSync(join(folder, 'closed', 'inner'), { recursive: true })
  assert.equal(canEnter(user, join(folder, 'closed', 'inner')), true)
  assert.equal(canEnter(user, join(folder, 'absent')), false)
  rmSync(join(folder, 'closed'), { recursive: true })
  mkdirSync(join(folder, 'closed'), { mode: user.lent ? 0o700 : 0o000 })
  assert.equal(canEnter(user, join(folder, 'closed')), false)
  // A plain user cannot remove what he has closed to himself.
  chmodSync(join(folder, 'closed'), 0o700)
})
