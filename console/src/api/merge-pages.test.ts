// Several lists as one, page by page.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cursor, mergePages } from './merge-pages.ts'

const newest = { isNewestFirst: true }

/** A list as the server reads one: newest first, in pages of `limit`, from behind a cursor. */
const pageOf = (all: readonly string[], limit: number, after: Cursor) => {
  const rest = all.filter((id) => after === undefined || after === null || id < after)
  const items = rest.slice(0, limit).map((id) => ({ id }))
  return { items, next: rest.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** Every page of several lists, as the console reads them. */
function readAll(lists: readonly (readonly string[])[], limit: number): string[][] {
  const pages: string[][] = []
  for (let cursors: readonly Cursor[] | null = lists.map(() => undefined); cursors !== null; ) {
    const from: readonly Cursor[] = cursors
    assert.ok(pages.length < 50, 'it goes on for ever')
    const read = lists.map((all, at) => (from[at] === null ? undefined : pageOf(all, limit, from[at])))
    const { items, next } = mergePages(read, from, newest)
    pages.push(items.map(({ id }) => id))
    cursors = next
  }
  return pages
}

describe('several lists as one', () => {
  it('are in one order, whole, and nothing of them is shown above what comes before it', () => {
    const lists = [['9', '8', '7', '6'], ['5', '3', '1'], ['4'], []]
    const pages = readAll(lists, 2)
    assert.deepEqual(pages.flat(), ['9', '8', '7', '6', '5', '4', '3', '1'])
    assert.deepEqual(pages[0], ['9', '8'])
  })

  it('have each thing once, where it lies in two of them', () => {
    assert.deepEqual(readAll([['3', '2', '1'], ['2']], 5).flat(), ['3', '2', '1'])
  })

  it('are one list where there is but one, page for page as the server reads it', () => {
    assert.deepEqual(readAll([['5', '4', '3', '2', '1']], 2), [['5', '4'], ['3', '2'], ['1']])
  })

  it('follow the order of lists that begin with the oldest', () => {
    const merged = mergePages(
      [
        { items: [{ id: '1' }, { id: '4' }], next: '4' },
        { items: [{ id: '2' }, { id: '6' }], next: null },
      ],
      [undefined, undefined],
      {
        isNewestFirst: false,
      },
    )
    assert.deepEqual(
      [merged.items.map(({ id }) => id), merged.next],
      [
        ['1', '2', '4'],
        ['4', '2'],
      ],
    )
  })
})
