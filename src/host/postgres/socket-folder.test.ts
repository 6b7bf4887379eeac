import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { resolveDatabaseUser } from './database-user.ts'
import { fitsSocketPath, prepareSocketFolder } from './socket-folder.ts'
import { throwAwayFolder } from './throw-away-folder.ts'

const folderFor = (t: TestContext): string => {
  const folder = throwAwayFolder()
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('the limit is counted in bytes, with the name of the socket', () => {
  const max = process.platform === 'darwin' ? 103 : 107
  const name = '/.s.PGSQL.5432'
  assert.equal(fitsSocketPath(`/${'x'.repeat(max - 1 - name.length)}`), true)
  assert.equal(fitsSocketPath(`/${'x'.repeat(max - name.length)}`), false)
  assert.equal(fitsSocketPath(`/${'é'.repeat(Math.ceil((max - name.length) / 2))}`), false)
})

test('the folder is made closed, and found again', (t) => {
  const folder = folderFor(t)
  const user = resolveDatabaseUser()
  const socket = prepareSocketFolder(folder, user)
  assert.equal(socket, join(folder, 'socket'))
  const { mode, uid } = statSync(socket)
  assert.deepEqual([mode & 0o777, uid], [0o700, user.uid])
  assert.equal(prepareSocketFolder(folder, user), socket)
})

// The mode is set apart from the making, which the tester's umask narrows.
const plantOpen = (path: string): void => {
  mkdirSync(path)
  chmodSync(path, 0o755)
}

for (const [what, plant] of [
  ['a link', (path: string) => symlinkSync('/tmp', path)],
  ['a folder that others can enter', plantOpen],
] as const) {
  test(`${what} that was there first is not used`, (t) => {
    const folder = folderFor(t)
    plant(join(folder, 'socket'))
    const chosen = prepareSocketFolder(folder, resolveDatabaseUser())
    t.after(() => rmSync(chosen, { recursive: true, force: true }))
    assert.notEqual(chosen, join(folder, 'socket'))
    assert.equal(statSync(chosen).mode & 0o777, 0o700)
  })
}
