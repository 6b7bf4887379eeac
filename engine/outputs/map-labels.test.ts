import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LabelPlacer } from './map-labels.ts'

const label = { x: 100, y: 100, gap: 10, text: 'dock', size: 12 }

test('words stand beside their mark, and step aside for words and marks that are there already', () => {
  const placer = new LabelPlacer(1000)
  const first = placer.place(label)
  assert.deepEqual([first.x, first.anchor], [110, 'start'])
  const second = placer.place(label)
  assert.deepEqual([second.x, second.anchor], [90, 'end'])
  const third = placer.place(label)
  assert.ok(third.anchor === 'start' && third.y < first.y - 12, 'above')
  placer.reserve(300, 100, 20)
  assert.equal(placer.place({ ...label, x: 270 }).anchor, 'end')
})

test('words do not leave the page, unless there is no room at all', () => {
  assert.equal(new LabelPlacer(120).place(label).anchor, 'end')
  assert.equal(new LabelPlacer(5).place(label).anchor, 'start')
})
