import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { identifyProcess } from './process-identity.ts'
import { takeServerLock } from './server-lock.ts'
import { throwAwayFolder } from './throw-away-folder.ts'

const folderFor = (t: TestContext): string => {
  const folder = throwAwayFolder()
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const endedPid = (): number => spawnSync('/bin/true').pid

test('the lock names its holder while it is held, and is gone after release', (t) => {
  const folder = folderFor(t)
  const lock = takeServerLock(folder)
  assert.match(readFileSync(join(folder, 'server.lock'), 'utf8'), new RegExp(`^${process.pid} \\S+\n$`))
  assert.throws(() => takeServerLock(folder), { code: 'already_running', message: new RegExp(`pid ${process.pid}`) })
  lock.release()
  lock.release()
  assert.deepEqual(readdirSync(folder), [])
})

test('a lock whose holder has ended is taken', (t) => {
  const folder = folderFor(t)
  writeFileSync(join(folder, 'server.lock'), `${endedPid()} then\n`)
  takeServerLock(folder)
  assert.throws(() => takeServerLock(folder), { code: 'already_running' })
})

test('a lock whose pid now belongs to another process is taken', (t) => {
  const folder = folderFor(t)
  writeFileSync(join(folder, 'server.lock'), `${process.ppid} an-earlier-moment\n`)
  takeServerLock(folder)
})

test('a lock with no readable holder is taken', (t) => {
  const folder = folderFor(t)
  writeFileSync(join(folder, 'server.lock'), '')
  takeServerLock(folder)
})

test('a server that was killed while it broke a stale lock does not block the next one', (t) => {
  const folder = folderFor(t)
  writeFileSync(join(folder, 'server.lock'), `${endedPid()} then\n`)
  writeFileSync(join(folder, 'server.lock.breaking'), `${endedPid()} then\n`)
  takeServerLock(folder)
  assert.deepEqual(readdirSync(folder), ['server.lock'])
})

test('while another server breaks the stale lock, it is left to that one', (t) => {
  const folder = folderFor(t)
  const other = identifyProcess(process.ppid)
  writeFileSync(join(folder, 'server.lock'), `${endedPid()} then\n`)
  writeFileSync(join(folder, 'server.lock.breaking'), `${other?.pid} ${other?.started}\n`)
  assert.throws(() => takeServerLock(folder), { code: 'already_running', message: /20 attempts/ })
})

test('releasing does not remove a lock that has become someone else’s', (t) => {
  const folder = folderFor(t)
  const lock = takeServerLock(folder)
  writeFileSync(join(folder, 'server.lock'), `${process.ppid} theirs\n`)
  lock.release()
  assert.equal(readFileSync(join(folder, 'server.lock'), 'utf8'), `${process.ppid} theirs\n`)
})
