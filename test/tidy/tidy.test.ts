// The house as it lies in the repository, read and parsed once, judged by every rule.
// Each rule has a negative test beside it in checks/: a rule that cannot fail would prove nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noBarrels } from './checks/barrels.ts'
import { contentsAreClean } from './checks/contents.ts'
import { noCycles } from './checks/cycles.ts'
import { noDeadExports } from './checks/dead-exports.ts'
import { noDeadFiles, reachReport } from './checks/dead-files.ts'
import { dependenciesAreExplained } from './checks/dependencies.ts'
import { exportsAreDocumented } from './checks/docstrings.ts'
import { castReport, noEscapes } from './checks/escapes.ts'
import { headersArePresent } from './checks/headers.ts'
import { testsAreHonest } from './checks/honest-tests.ts'
import { namesSayWhatIsInside } from './checks/names.ts'
import { packagesAreAllowed } from './checks/packages.ts'
import { parses } from './checks/parses.ts'
import { pointersLead } from './checks/pointers.ts'
import { roomOrderHolds } from './checks/room-order.ts'
import { sizeReport, sizesHold } from './checks/sizes.ts'
import { tablesHaveOwners } from './checks/tables.ts'
import { transactionsAreOpenedAtTheDoor } from './checks/transactions.ts'
import { wordsAreOurs } from './checks/words.ts'
import { type Check, project, type Violation } from './project.ts'
import { readRepository } from './read-repository.ts'
import { outsideRooms, reachedOtherwise, sleepExceptions, takenOtherwise } from './rules.ts'

const promises: readonly (readonly [string, Check])[] = [
  ['every source file parses', parses],
  ['a room knows only the rooms before it, by their doors', roomOrderHolds],
  ['each folder imports only the packages it is meant to', packagesAreAllowed],
  ['every package has its line in docs/dependencies.md', dependenciesAreExplained],
  ['no file imports itself through others', noCycles],
  ['no file and no function is longer than the house allows', sizesHold],
  ['every file opens with a comment', headersArePresent],
  ['every exported name has a docstring', exportsAreDocumented],
  ['no banned word, mark or address is in any text', wordsAreOurs],
  ['nothing escapes the type checker', noEscapes],
  ['names of files and folders say what is inside', namesSayWhatIsInside],
  ['tests run, can fail, and do not wait', testsAreHonest],
  ["only a room's door passes exports on", noBarrels],
  ['every source file is reached', noDeadFiles],
  ['what a file exports, another takes', noDeadExports],
  ['where a page or a comment names a file, it is there', pointersLead],
  ['a room names only its own tables and earlier ones', tablesHaveOwners],
  ['transactions are opened at the door alone', transactionsAreOpenedAtTheDoor],
  ["no machine's paths, huge files or unexpected binaries", contentsAreClean],
]

const house = project(readRepository())

// Without a stack: the sentences are the failure.
const failure = (violations: readonly Violation[]): Error => {
  const error = new Error(['', ...violations.map(({ file, line, message }) => `${file}:${line}: ${message}`)].join('\n'))
  error.stack = error.message
  return error
}

for (const [promise, check] of promises) {
  test(promise, () => {
    const violations = check(house)
    if (violations.length > 0) throw failure(violations)
  })
}

test('every exception still applies', () => {
  const files = [...sleepExceptions, ...reachedOtherwise, ...takenOtherwise].map(({ file }) => file)
  const gone = [...files, ...outsideRooms].filter((file) => !house.entries.has(file))
  assert.deepEqual(gone, [], 'Remove the exceptions for these files from test/tidy/rules.ts.')
})

test('the house is measured', (t) => {
  const report = [...sizeReport(house), castReport(house), reachReport(house)]
  for (const line of report) t.diagnostic(line)
  assert.ok(report.length >= 4)
})
