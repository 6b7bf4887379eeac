// Words with a replacement, marks of unfinished work, and addresses of people.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { wordsAreOurs as check } from './words.ts'

const house = (text: string) => ({ 'src/runs/a.ts': text })

test('"lease" says which one, in prose and in code', () => {
  for (const text of ['// the lease of the run', 'const leaseSeconds = 4', 'const run_lease = 1', "const column = 'lease-id'"])
    refuses(check, house(text), /say which/)
  accepts(check, house('// the reader lease\nconst upstreamLease = 1\nconst readerLeaseSeconds = 4\nconst upstream_leases = []\nrelease()'))
})
test('words that hurt have a replacement', () => {
  for (const word of ['whitelist', 'black-listed', 'whiteList', 'masterKey', 'slaves'])
    refuses(check, house(`const it = '${word}'`), /write "/)
  accepts(check, house("const file = 'postmaster.pid' // mastery"))
})
test('people are not named', () => {
  refuses(check, house("const user = 'Alice'"), /name the role/)
  refuses(check, { 'docs/a.md': 'Signed-off-by: Somebody' }, /history keeps them/)
  refuses(check, { 'docs/a.md': 'Write to someone@company.com.' }, /reserved domain/)
  accepts(check, { 'docs/a.md': 'reviewer@example.com, ops@plant.example, run@payments.test, git@host.org' })
})
test('unfinished work is not left in marks', () => {
  for (const mark of ['TODO', 'FIXME', 'XXX', 'HACK']) refuses(check, house(`// ${mark}: later`), /do it now/)
  refuses(check, house('// @ts-ignore'), /@ts-expect-error/)
  accepts(check, house('// a method to do things, XXXL'))
})
