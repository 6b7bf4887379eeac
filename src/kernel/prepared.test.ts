import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import type { Tables, Tx } from './action.ts'
import { prepared } from './prepared.ts'

// Nothing is asked of this transaction but to write statements out.
const tx = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
}) as unknown as Tx

const of = <Row>(it: { compile(tx: Tx): { sql: string; parameters: readonly unknown[] } } & { execute(tx: Tx): Promise<Row[]> }) => {
  const { sql: text, parameters } = it.compile(tx)
  return { text, parameters }
}

describe('a prepared statement', () => {
  it('is built once, and sent with the values of each time, wherever they stand and however often', () => {
    let built = 0
    const both = prepared((_, { one, list }: { one: string; list: readonly string[] }) => {
      built++
      return sql`select ${one}, ${list}::text[], ${'always'}, ${one}`
    })
    const text = 'select $1, $2::text[], $3, $4'
    assert.deepEqual(of(both({ one: 'a', list: ['b', 'c'] })), { text, parameters: ['a', ['b', 'c'], 'always', 'a'] })
    assert.deepEqual(of(both({ list: [], one: "'; drop table entry; --" })), {
      text,
      parameters: ["'; drop table entry; --", [], 'always', "'; drop table entry; --"],
    })
    assert.equal(built, 1)
  })

  it('keeps no value for the next time', () => {
    const one = prepared((_, { value }: { value: string | undefined }) => sql`select ${value}`)
    assert.deepEqual(of(one({ value: 'first' })).parameters, ['first'])
    assert.deepEqual(of(one({ value: undefined })).parameters, [undefined])
  })
})
