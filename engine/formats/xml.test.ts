import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { bundleSource, normalPath } from './file-source.ts'
import { booleanFrom, numberFrom, numbersFrom } from './numbers.ts'
import { Xacro } from './xacro.ts'
import { childOf, childrenOf, descend, parseXml, xmlLimits } from './xml.ts'

const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === wanted

test('elements, attributes, texts and comments come out of XML as they stand', () => {
  const root = parseXml('<?xml version="1.0"?><a x="1 &lt; 2"><!-- note --><b>one</b><b/>tail</a>', 'a.xml')
  assert.equal(root.name, 'a')
  assert.equal(root.attributes.x, '1 < 2')
  assert.deepEqual(root.comments, [' note '])
  assert.equal(childrenOf(root, 'b').length, 2)
  assert.equal(childOf(root, 'b')?.text, 'one')
  assert.equal(descend(root, 'b', 'c'), undefined)
  assert.equal(root.text, 'tail')
})

test('an entity bomb is refused before anything is expanded', () => {
  const bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;">]><a>&y;</a>'
  assert.throws(() => parseXml(bomb, 'bomb.xml'), code('xml/forbidden-declaration'))
  assert.throws(() => parseXml('<!doctype a SYSTEM "http://somewhere/x.dtd"><a/>', 'fetch.xml'), code('xml/forbidden-declaration'))
})

test('an unknown entity stays text', () => {
  assert.equal(parseXml('<a>&secret;</a>', 'a.xml').text, '&secret;')
})

test('depth, size and number of elements have limits', () => {
  const deep = 200_000
  assert.throws(() => parseXml(`${'<a>'.repeat(deep)}${'</a>'.repeat(deep)}`, 'deep.xml'), code('xml/too-deep'))
  assert.throws(() => parseXml(`<a>${'<b/>'.repeat(2 * xmlLimits.elementsMax + 1)}</a>`, 'many.xml'), code('xml/too-many-elements'))
  assert.throws(() => parseXml(' '.repeat(xmlLimits.charactersMax + 1), 'large.xml'), code('xml/too-large'))
})

test('what is not well formed is refused', () => {
  for (const text of ['', 'plain', '<a>', '<a></b>', '<a><b></a></b>', '<a x=1/>'])
    assert.throws(() => parseXml(text, 'bad.xml'), code('xml/malformed'), text)
})

test('attribute names of objects mean nothing', () => {
  assert.equal(parseXml('<a/>', 'a.xml').attributes.toString, undefined)
})

test('numbers are plain, finite decimals, and as many as are needed', () => {
  assert.deepEqual(numbersFrom(' 1 -2.5  3e-2 ', 3, 'here'), [1, -2.5, 0.03])
  assert.throws(() => numberFrom('nan', 'here'), code('value/not-finite'))
  assert.throws(() => numberFrom('-Infinity', 'here'), code('value/not-finite'))
  assert.throws(() => numberFrom('1e999', 'here'), code('value/not-finite'))
  assert.throws(() => numberFrom('0x10', 'here'), code('value/not-a-number'))
  assert.throws(() => numberFrom(undefined, 'here'), code('value/missing'))
  assert.throws(() => numbersFrom('1 2', 3, 'here'), code('value/not-a-number'))
  assert.deepEqual([booleanFrom('1', false), booleanFrom('false', true), booleanFrom(undefined, true)], [true, false, true])
})

test('a path that leaves its root does not exist', () => {
  assert.equal(normalPath('a/./b/../c'), 'a/c')
  assert.equal(normalPath('../etc/passwd'), null)
  const files = bundleSource(new Map([['a/b', new Uint8Array([1])]]))
  assert.equal(files.read('a/../../a/b'), null)
  assert.deepEqual(files.read('a//b'), new Uint8Array([1]))
  assert.deepEqual(files.list(), ['a/b'])
})

test('xacro arguments, properties and simple sums are filled in; what is unknown is refused', () => {
  const root = parseXml(
    '<robot><xacro:arg name="ns" default="x_"/><xacro:property name="p" value="$(arg ns)base"/><xacro:property name="q" value="4"/></robot>',
    'r.urdf',
  )
  assert.equal(new Xacro(root, {}, 'r.urdf').expand(`\${p}/\${255/q}`), 'x_base/63.75')
  assert.equal(new Xacro(root, { ns: 'robot1/' }, 'r.urdf').expand('$(arg ns)'), 'robot1/')
  assert.throws(() => new Xacro(root, {}, 'r.urdf').expand(`\${nothing}`), code('urdf/unknown-property'))
  const circle = parseXml(`<robot><xacro:property name="a" value="\${b}"/><xacro:property name="b" value="\${a}"/></robot>`, 'c.urdf')
  assert.throws(() => new Xacro(circle, {}, 'c.urdf').expand(`\${a}`), code('urdf/unknown-property'))
})
