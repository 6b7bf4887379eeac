// Who opens transactions.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { transactionsAreOpenedAtTheDoor as check } from './transactions.ts'

test('a room that opens a transaction is refused', () => {
  for (const text of ['db.transaction().execute(f)', 'await transact(f)', 'store.transact(org, f)', 'db.startTransaction()'])
    refuses(check, { 'src/runs/a.ts': text }, /Take the transaction as an argument/)
  refuses(check, { 'src/server/a.ts': 'store.transact(f)' }, /Take the transaction/)
})
test('app, host and tests open transactions', () =>
  accepts(check, {
    'src/app/a.ts': 'store.transact(f)',
    'src/host/store/a.ts': 'db.transaction()',
    'src/runs/a.test.ts': 'store.transact(f)',
  }))
