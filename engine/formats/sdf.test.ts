import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { yawOf } from '../math/quat.ts'
import type { Scene } from '../scene/scene.ts'
import { bundleSource } from './file-source.ts'
import { readSdfWorld } from './sdf.ts'

const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === wanted
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Reads a world whose body is `world`, with further files beside it. */
function read(world: string, files: Readonly<Record<string, string>> = {}): Scene {
  const all = { 'worlds/w.world': `<sdf version="1.6"><world name="w">${world}</world></sdf>`, ...files }
  return readSdfWorld(bundleSource(new Map(Object.entries(all).map(([path, text]) => [path, encode(text)]))), 'worlds/w.world')
}

const box = '<collision name="c"><geometry><box><size>1 1 1</size></box></geometry></collision>'
const crate = (link: string, rest = ''): string => `<model name="crate">${rest}<link name="l">${link}</link></model>`
const file = (content: string): string => `<sdf version="1.6">${content}</sdf>`

test('poses of world, model, link and collision are put together', () => {
  const nested = `<model name="outer"><pose>1 0 0 0 0 1.5707963267948966</pose><static>1</static>
    <model name="inner"><pose>1 0 0 0 0 0</pose><link name="l"><pose>0 0 2 0 0 0</pose>${box}</link></model></model>`
  const [body] = read(nested).bodies
  assert.ok(body !== undefined)
  const { x, y, z } = body.pose.position
  assert.ok(Math.abs(x - 1) < 1e-9 && Math.abs(y - 1) < 1e-9 && z === 2)
  assert.ok(Math.abs(yawOf(body.pose.rotation) - Math.PI / 2) < 1e-9)
  assert.equal(body.motion, 'fixed')
})

test('inertia, friction and every shape are read', () => {
  const inertial = '<inertial><mass>2</mass><inertia><ixx>0.2</ixx><iyy>0.2</iyy><izz>0.3</izz></inertia></inertial>'
  const shapes = [
    '<cylinder><radius>0.1</radius><length>1</length></cylinder>',
    '<sphere><radius>0.2</radius></sphere>',
    '<plane><normal>0 0 1</normal><size>5 6</size></plane>',
  ]
  const surface = '<surface><friction><ode><mu>0.3</mu><mu2>0.3</mu2></ode></friction></surface>'
  const collisions = shapes.map((shape) => `<collision name="c"><geometry>${shape}</geometry>${surface}</collision>`).join('')
  const scene = read(`<gravity>0 0 -1.62</gravity>${crate(inertial + collisions)}`)
  const [body] = scene.bodies
  assert.deepEqual(
    body?.colliders.map(({ shape }) => shape.kind),
    ['cylinder', 'sphere', 'plane'],
  )
  assert.equal(body?.inertial?.mass, 2)
  assert.equal(body?.colliders[0]?.friction, 0.3)
  assert.equal(body?.motion, 'dynamic')
  assert.equal(scene.gravity.z, -1.62)
})

test('an included model comes with its pose and name, found by its model.config', () => {
  const include = '<include><uri>model://crate</uri><name>first</name><pose>3 0 0 0 0 0</pose><static>true</static></include>'
  const config = '<model><sdf version="1.6">other.sdf</sdf></model>'
  const scene = read(include, { 'models/crate/model.config': config, 'models/crate/other.sdf': file(crate(box)) })
  assert.equal(scene.bodies[0]?.name, 'first')
  assert.equal(scene.bodies[0]?.pose.position.x, 3)
  assert.equal(scene.bodies[0]?.motion, 'fixed')
})

test('a model that includes itself, directly or through another, is refused', () => {
  const include = (name: string): string => `<include><uri>model://${name}</uri></include>`
  const model = (inner: string): string => file(`<model name="m">${include(inner)}</model>`)
  assert.throws(() => read(include('a'), { 'models/a/model.sdf': model('a') }), code('sdf/cyclic-include'))
  assert.throws(
    () => read(include('a'), { 'models/a/model.sdf': model('b'), 'models/b/model.sdf': model('a') }),
    code('sdf/cyclic-include'),
  )
})

test('models that include more and more are refused before they fill the memory', () => {
  const include = (name: string): string => `<include><uri>model://${name}</uri></include>`
  const files = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [`models/m${i}/model.sdf`, file(`<model name="m">${include(`m${i + 1}`).repeat(8)}</model>`)]),
  )
  assert.throws(() => read(include('m0'), { ...files, 'models/m9/model.sdf': file(crate(box)) }), code('sdf/too-many-includes'))
})

test('an include or a mesh that is not there is refused by name; a missing visual is a warning', () => {
  assert.throws(() => read('<include><uri>model://nobody</uri></include>'), code('sdf/include-missing'))
  const mesh = (kind: string): string => `<${kind} name="c"><geometry><mesh><uri>model://crate/none.dae</uri></mesh></geometry></${kind}>`
  assert.throws(() => read(crate(mesh('collision'))), code('mesh/missing'))
  const scene = read(crate(box + mesh('visual'), '<static>1</static>'))
  assert.equal(scene.warnings[0]?.code, 'missing-visual')
  assert.equal(scene.bodies[0]?.colliders[0]?.drawn, true)
})

test('a mesh reference cannot leave the import', () => {
  const mesh = '<collision name="c"><geometry><mesh><uri>file://../../../../etc/passwd.dae</uri></mesh></geometry></collision>'
  assert.throws(() => read(crate(mesh)), code('mesh/missing'))
})

test('NaN, negative masses, impossible inertia and shapes without size are refused', () => {
  const inertial = (mass: string, ixx: string): string =>
    `<inertial><mass>${mass}</mass><inertia><ixx>${ixx}</ixx><iyy>1</iyy><izz>1</izz></inertia></inertial>${box}`
  assert.throws(() => read(crate(inertial('-3', '1'))), code('mass/not-positive'))
  assert.throws(() => read(crate(inertial('nan', '1'))), code('value/not-finite'))
  assert.throws(() => read(crate(inertial('1', '-1'))), code('inertia/not-physical'))
  assert.throws(() => read(crate(inertial('1', '50'))), code('inertia/not-physical'))
  assert.throws(() => read(crate(box, '<pose>0 0 inf 0 0 0</pose>')), code('value/not-finite'))
  assert.throws(() => read(crate(box, '<pose>0 0 1</pose>')), code('value/not-a-number'))
  assert.throws(
    () => read(crate('<collision name="c"><geometry><box><size>1 0 1</size></box></geometry></collision>')),
    code('value/out-of-range'),
  )
  assert.throws(() => read(crate('<collision name="c"><geometry/></collision>')), code('value/missing'))
})

test('impossible inertia of a static model is a warning, because it never moves', () => {
  const scene = read(
    crate(`<inertial><mass>1</mass><inertia><ixx>50</ixx><iyy>1</iyy><izz>1</izz></inertia></inertial>${box}`, '<static>1</static>'),
  )
  assert.equal(scene.warnings[0]?.code, 'replaced-value')
})

test('what is not supported is named in a warning, each place once', () => {
  const joint = '<joint name="j" type="screw"><parent>l</parent><child>l</child></joint>'
  const scene = read(
    `<physics/><plugin name="p"/><!--model name="gone"><link/></model-->${crate(`${box}<sensor name="s"/>`, joint).repeat(2)}<light name="spot" type="spot"/>`,
  )
  const where = scene.warnings.map((warning) => `${warning.code} ${warning.where}`)
  assert.deepEqual(where, [
    'unsupported-element worlds/w.world: world/physics',
    'unsupported-element worlds/w.world: world/plugin',
    'commented-include worlds/w.world: world/gone',
    'unsupported-element worlds/w.world: model[crate]/link[l]/sensor',
    'unsupported-element worlds/w.world: model[crate]/joint[j]',
    'unsupported-value worlds/w.world: world/light[spot]',
  ])
})

test('lights and materials are read', () => {
  const visual =
    '<visual name="v"><geometry><box><size>1 1 1</size></box></geometry><material><diffuse>1 0 0 1</diffuse></material></visual>'
  const scene = read(
    `${crate(box + visual)}<light name="sun" type="directional"><direction>0 0 -2</direction><cast_shadows>1</cast_shadows></light>`,
  )
  const [solid, drawn] = scene.bodies[0]?.colliders ?? []
  assert.deepEqual([solid?.solid, solid?.drawn, drawn?.solid, drawn?.drawn], [true, false, false, true])
  assert.deepEqual(drawn?.material.baseColor, { r: 1, g: 0, b: 0 })
  assert.equal(scene.lights[0]?.kind, 'directional')
})

test('a file that is not SDF is refused', () => {
  assert.throws(() => readSdfWorld(bundleSource(new Map([['a.world', encode('<html/>')]])), 'a.world'), code('sdf/not-sdf'))
})
