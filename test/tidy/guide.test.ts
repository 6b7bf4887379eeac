// The guide to a first action shows what is in the repository: a newcomer who follows it to the letter ends where the code is.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './read-repository.ts'

const guide = 'docs/guides/adding-an-action.md'
const sources = ['src/twins/actions/environment.ts', 'src/twins/actions/environment.test.ts']

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The blocks of TypeScript in a page that stand in none of the sources as they are. */
const strangers = (page: string, texts: readonly string[]): readonly string[] =>
  [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code).filter((code) => !texts.some((text) => text.includes(code)))

test('the guide to adding an action shows an action and a test that are there, word for word', () => {
  const page = read(guide)
  assert.equal(page.match(/^```ts$/gm)?.length, sources.length)
  assert.deepEqual(strangers(page, sources.map(read)), [], `${guide} shows something else than ${sources.join(' and ')}`)
})

test('a block that differs by a word is found', () => {
  const page = '```ts\nconst one = 1\n```\n'
  assert.deepEqual(strangers(page, ['const one = 1\nconst two = 2\n']), [])
  assert.deepEqual(strangers(page, ['const one = 2\n']), ['const one = 1\n'])
})
