// The door alone opens transactions, so that what happened and its record commit together or not at all.
// Rooms work inside the transaction that they are given.

import { isBelow, isTest } from '../place.ts'
import { at, type Check } from '../project.ts'
import { transactionOpeners } from '../rules.ts'
import { calledName } from '../syntax.ts'

const OPENERS: readonly string[] = ['transaction', 'startTransaction', 'transact', 'glance', 'controlledTransaction']

/** Transactions are opened in src/app and src/host alone. */
export const transactionsAreOpenedAtTheDoor: Check = ({ code }) =>
  [...code.values()]
    .filter(({ path }) => path.startsWith('src/') && !isTest(path) && !isBelow(path, transactionOpeners))
    .flatMap((file) =>
      file.nodes
        .all('CallExpression')
        .filter((node) => OPENERS.includes(calledName(node.callee) ?? ''))
        .map((node) =>
          at(file, node, 'Take the transaction as an argument: src/app opens it, so that the act and its record commit together.'),
        ),
    )
