// Nothing hides in a text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visible, visibleLines } from './visible.ts'

test('a name that turns the direction of what follows shows that it does', () => {
  assert.equal(visible('invoice\u202Egpj.exe'), 'invoice⟨U+202E⟩gpj.exe')
  assert.equal(visible('a\u2066b\u200bc\u0000d\ne'), 'a⟨U+2066⟩b⟨U+200B⟩c⟨U+0000⟩d⟨U+000A⟩e')
  assert.equal(visible('tag\u{e0041}'), 'tag⟨U+E0041⟩')
  assert.equal(visible('Zürich 東京 عربى 🙂'), 'Zürich 東京 عربى 🙂')
})

test('a text of several lines keeps them, and nothing else that has no shape', () => {
  assert.equal(visibleLines('a\tb\r\nc\u202ed'), 'a\tb\nc⟨U+202E⟩d')
})
