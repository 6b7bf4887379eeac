// A test runs, can fail, and does not wait. One that is skipped says why in a sentence that its reader sees.
// `t.skip('…')`, or an option `{ skip: condition ? 'sentence' : false }`: both are decided at run time, and their reason is printed.

import type { Node } from 'oxc-parser'
import { isTest } from '../place.ts'
import { at, type Check, type Code, type Project, type Violation } from '../project.ts'
import { sleepExceptions, sleeps, testFolders } from '../rules.ts'
import { calledName, calledOn, stringOf } from '../syntax.ts'

const STARTERS: readonly string[] = ['test', 'it', 'describe', 'suite']
const SWITCHES: readonly string[] = ['skip', 'only', 'todo']
const RUN_OR_FAIL = 'Let it run, or remove it. Where it cannot run, call t.skip("why, in a sentence") inside it.'

const isSentence = (node: Node | undefined): boolean =>
  node !== undefined &&
  (node.type === 'TemplateLiteral' ||
    (node.type === 'Identifier' && node.name === 'absent') ||
    (stringOf(node)?.trim().split(/\s+/).length ?? 0) >= 3)

const isDecided = (node: Node): boolean => node.type === 'ConditionalExpression' && [node.consequent, node.alternate].some(isSentence)

const isStarter = (callee: Node): boolean => callee.type === 'Identifier' && STARTERS.includes(callee.name)

const switchedCalls = (file: Code): readonly Violation[] =>
  file.nodes.all('CallExpression').flatMap((node) => {
    const name = calledName(node.callee) ?? ''
    if (node.callee.type !== 'MemberExpression' || !SWITCHES.includes(name)) return []
    if (STARTERS.includes(calledOn(node.callee) ?? '')) return [at(file, node, RUN_OR_FAIL)]
    const skipped = calledOn(node.callee) === 't' && !(name === 'skip' && isSentence(node.arguments[0]))
    return skipped ? [at(file, node, 'Say in the argument, in a sentence, why this test cannot run here.')] : []
  })

const switchedOptions = (file: Code): readonly Violation[] =>
  file.nodes
    .all('CallExpression')
    .filter((node) => isStarter(node.callee))
    .flatMap((node) => node.arguments.flatMap((argument) => (argument.type === 'ObjectExpression' ? argument.properties : [])))
    .filter((property) => property.type === 'Property' && property.key.type === 'Identifier' && SWITCHES.includes(property.key.name))
    .filter((property) => !(property.type === 'Property' && isDecided(property.value)))
    .map((property) => at(file, property, RUN_OR_FAIL))

const waits = (file: Code): readonly Violation[] => {
  if (sleepExceptions.some((exception) => exception.file === file.path)) return []
  const calls = file.nodes.all('CallExpression').filter(({ callee }) => {
    const on = calledOn(callee)
    const global = callee.type === 'Identifier' && callee.name !== 'wait'
    return sleeps.calls.includes(calledName(callee) ?? '') && (global || (on !== undefined && sleeps.on.includes(on)))
  })
  const imported = file.imports.filter(({ target }) => target === 'node:timers/promises').map(({ node }) => node)
  const message = 'Inject the time, or wait for the event itself: a test that sleeps is slow and fails on a slow machine.'
  return [...calls, ...imported].map((node) => at(file, node, message))
}

const starts = (file: Code): boolean =>
  file.nodes.all('CallExpression').some(({ callee }) => isStarter(callee) || STARTERS.includes(calledOn(callee) ?? ''))

// Directly, or through a file of ours that the test calls to judge.
const asserts = (file: Code, { code }: Project): boolean =>
  [file, ...file.imports.flatMap(({ target }) => code.get(target) ?? [])].some(({ imports }) =>
    imports.some(({ target }) => target.startsWith('node:assert')),
  )

// A file may hand its adapter to a contract suite that it imports: `storeContract(() => …)`.
const callsContract = (file: Code): boolean =>
  file.nodes.all('CallExpression').some(({ callee }) => callee.type === 'Identifier' && /(Contract|Suite)$/.test(callee.name))

const empty = (file: Code, house: Project): readonly Violation[] => {
  if (callsContract(file) || (starts(file) && asserts(file, house))) return []
  const message = starts(file)
    ? 'Assert something (node:assert/strict): these tests cannot fail.'
    : 'Write a test in this file, or rename it: the runner would count it as one that passed.'
  return [{ file: file.path, line: 1, message }]
}

const misplaced = ({ path }: Code): readonly Violation[] =>
  testFolders.some((folder) => path.startsWith(`${folder}/`))
    ? []
    : [
        {
          file: path,
          line: 1,
          message: `The test runner does not look here: move it below ${testFolders.join(', ')}, or add the folder in scripts/test/find-tests.ts.`,
        },
      ]

/** Tests run, can fail, and do not wait. */
export const testsAreHonest: Check = (house) =>
  [...house.code.values()]
    .filter(({ path }) => isTest(path))
    .flatMap((file) => [...switchedCalls(file), ...switchedOptions(file), ...waits(file), ...empty(file, house), ...misplaced(file)])
