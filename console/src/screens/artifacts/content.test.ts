// What a run wrote is shown without hiding, turning or running anything.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, contentOf, savedNameOf } from './content.ts'

const of = (mediaType: string, text: string | Uint8Array) => {
  const bytes = Buffer.from(text)
  return contentOf(mediaType, bytes.toString('base64'), bytes)
}

test('text keeps its lines, and nothing else that has no shape', () => {
  assert.equal(of('text/plain', 'a\tb\r\nc\u001b[31m').text, 'a\tb\nc⟨U+001B⟩[31m')
})

test('markup is text, whatever the run calls it', () => {
  for (const type of ['text/html', 'application/xhtml+xml', 'TEXT/HTML; charset=utf-8', 'image/evil', 'constructor']) {
    const content = of(type, '<script>alert(1)</script>')
    assert.deepEqual(content, { text: '<script>alert(1)</script>', isCut: false }, type)
  }
})

test('a picture is a data URL of a known type, and an SVG is text as well', () => {
  assert.deepEqual(of('image/png', Uint8Array.of(0x89, 0x50)), { image: 'data:image/png;base64,iVA=', isCut: false })
  const svg = of('image/svg+xml; a="><script>"', '<svg onload="x()"/>')
  assert.equal(svg.text, '<svg onload="x()"/>')
  assert.match(svg.image ?? '', /^data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+$/)
})

test('what is no text is shown by its first bytes', () => {
  const content = of(
    'application/octet-stream',
    Uint8Array.from({ length: 300 }, (_, at) => (at % 256) | 0x80),
  )
  assert.equal(content.text, undefined)
  assert.equal(content.isCut, true)
  assert.match(content.hex ?? '', /^80 81 82/)
})

test('a long text is cut, and says so', () => {
  const content = of('text/plain', 'x'.repeat(200_001))
  assert.deepEqual([content.text?.length, content.isCut], [200_000, true])
})

test('bytes come back from base64 as they were', () => {
  assert.deepEqual([...bytesOf(Buffer.from([0, 255, 128]).toString('base64'))], [0, 255, 128])
  assert.throws(() => bytesOf('<'))
})

test('a file is saved under a plain name', () => {
  assert.deepEqual(['a/b/c.json', '../../.bashrc', 'x\u202Egpj.exe', '..', ''].map(savedNameOf), [
    'c.json',
    '_bashrc',
    'x_gpj.exe',
    '_',
    'file',
  ])
})
