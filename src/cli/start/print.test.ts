// Progress of a first start, where nobody looks at a terminal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Progress } from './print.ts'

test('what is not drawn is a note for each thing that is begun, and nothing else', () => {
  const notes: string[] = []
  const progress = new Progress({ isDrawn: false, note: (line) => notes.push(line) })
  progress.show('Payments in staging', 0, 0, 'waiting')
  progress.show('Payments in staging', 1, 2, 'half of it')
  progress.show('The robot in staging', 0, 0, 'waiting')
  progress.clear()
  assert.deepEqual(notes, ['Payments in staging', 'The robot in staging'])
})
