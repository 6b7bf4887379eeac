// Statements whose text is the same each time: built and written out once, and sent with other values from then on. Trusts whoever builds one to hand its values
// over as they are: the text may not depend on them.
import type { CompiledQuery } from 'kysely'
import type { Tx } from './action.ts'

/** Stands for a value while a statement is built. */
class Place {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** A statement that can be written out for a transaction, and sent there. */
export interface Sendable<Row = unknown> {
  compile(tx: Tx): CompiledQuery<Row>
}

/** A statement with its values. */
export interface Prepared<Row> extends Sendable<Row> {
  execute(tx: Tx): Promise<Row[]>
}

/** A statement that is built once, with something in the place of each value. */
export function prepared<Values extends object, Row>(build: (tx: Tx, values: Values) => Sendable<Row>): (values: Values) => Prepared<Row> {
  let known: CompiledQuery<Row> | undefined
  // INVARIANT: nobody looks at what stands in the place of a value: it is only ever put into a statement.
  const places = new Proxy({}, { get: (_, name) => new Place(String(name)) }) as Values
  return (values) => {
    const inPlace = (one: unknown): unknown => (one instanceof Place ? values[one.name as keyof Values] : one) // it was asked for by that name
    const compile = (tx: Tx): CompiledQuery<Row> => {
      known ??= build(tx, places).compile(tx)
      return { ...known, parameters: known.parameters.map(inPlace) }
    }
    return { compile, execute: async (tx) => (await tx.executeQuery(compile(tx))).rows }
  }
}
