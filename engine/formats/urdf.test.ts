import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { bundleSource } from './file-source.ts'
import { joinInertials } from './join-inertials.ts'
import { robotOfUrdf, turtlebotDrive } from './robot-of-urdf.ts'
import { type RobotDescription, readUrdf } from './urdf.ts'

const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === wanted
const read = (body: string, given: Readonly<Record<string, string>> = {}): RobotDescription =>
  readUrdf(bundleSource(new Map([['r.urdf', new TextEncoder().encode(`<robot name="r">${body}</robot>`)]])), 'r.urdf', given)

const inertial = (mass: number | string): string =>
  `<inertial><mass value="${mass}"/><inertia ixx="0.01" ixy="0" ixz="0" iyy="0.01" iyz="0" izz="0.01"/></inertial>`
const link = (name: string, inner = ''): string => `<link name="${name}">${inner}</link>`
const joint = (name: string, parent: string, child: string, type = 'fixed', origin = ''): string =>
  `<joint name="${name}" type="${type}"><parent link="${parent}"/><child link="${child}"/>${origin}</joint>`
const wheel = (name: string): string =>
  link(name, `${inertial(0.1)}<collision><geometry><cylinder length="0.02" radius="0.05"/></geometry></collision>`)
const at = (x: number, y: number, z: number): string => `<origin xyz="${x} ${y} ${z}" rpy="-1.5708 0 0"/>`
const rover = [
  link('base', `${inertial(3)}<collision><origin xyz="0 0 0.1"/><geometry><box size="0.4 0.3 0.1"/></geometry></collision>`),
  wheel('left'),
  wheel('right'),
  link('base_scan'),
  link('camera_rgb_frame'),
  link('imu_link'),
  joint('l', 'base', 'left', 'continuous', at(0, 0.17, 0.03)),
  joint('r', 'base', 'right', 'continuous', at(0, -0.17, 0.03)),
  joint('s', 'base', 'base_scan', 'fixed', '<origin xyz="0.1 0 0.2"/>'),
  joint('c', 'base', 'camera_rgb_frame', 'fixed', '<origin xyz="0.2 0 0.1"/>'),
  joint('i', 'base', 'imu_link'),
].join('')

test('a rover becomes a robot: wheels, track, mass and mounts come from its links, the base lies on the floor', () => {
  const { robot, warnings } = robotOfUrdf(read(rover), turtlebotDrive)
  assert.equal(robot.drive.wheelRadius, 0.05)
  assert.ok(Math.abs(robot.drive.track - 0.34) < 1e-12)
  assert.ok(Math.abs(robot.inertial.mass - 3.2) < 1e-12)
  assert.ok(Math.abs(robot.mounts.lidar.position.z - 0.22) < 1e-12)
  assert.ok(robot.footprintRadius > 0.24 && robot.footprintRadius < 0.3)
  assert.ok(warnings.some(({ code: warning }) => warning === 'replaced-value'))
})

test('names are filled from the namespace argument', () => {
  const body = `<xacro:arg name="namespace" default=""/><xacro:property name="namespace" value="$(arg namespace)"/>${link(`\${namespace}base`)}`
  assert.equal(read(body).root, 'base')
  assert.equal(read(body, { namespace: 'r1_' }).root, 'r1_base')
})

test('joints to nowhere, circles, second parents and loose parts are refused', () => {
  const two = link('a') + link('b')
  assert.throws(() => read(two + joint('j', 'a', 'nobody')), code('urdf/joint-to-nowhere'))
  assert.throws(() => read(two + joint('j', 'a', 'b') + joint('k', 'b', 'a')), code('urdf/cyclic-joints'))
  assert.throws(() => read(two + joint('j', 'a', 'b') + joint('k', 'a', 'b')), code('urdf/cyclic-joints'))
  assert.throws(() => read(`${two}${link('c')}${link('d')}${joint('j', 'a', 'b')}${joint('k', 'c', 'd')}`), code('urdf/joint-to-nowhere'))
  assert.throws(() => read(`${two}${link('c')}${joint('j', 'b', 'c')}${joint('k', 'c', 'b')}`), code('urdf/cyclic-joints'))
  assert.throws(() => read(two + joint('j', 'a', 'b', 'magnetic')), code('urdf/not-urdf'))
})

test('negative and missing masses, NaN and missing meshes are refused', () => {
  assert.throws(() => read(link('a', inertial(-1))), code('mass/not-positive'))
  assert.throws(() => read(link('a', inertial('nan'))), code('value/not-finite'))
  assert.throws(() => read(link('a', '<inertial><mass value="1"/></inertial>')), code('value/missing'))
  assert.throws(
    () => read(link('a', '<collision><geometry><mesh filename="package://x/none.stl"/></geometry></collision>')),
    code('mesh/missing'),
  )
  assert.throws(() => read(link('a', '<collision/>')), code('value/missing'))
  assert.throws(() => robotOfUrdf(read(link('a')), turtlebotDrive), code('urdf/not-urdf'))
})

test('what is not supported is named in a warning', () => {
  const { warnings } = read(
    `${link('a', '<visual><geometry><mesh filename="package://x/none.dae"/></geometry></visual><sensor/>')}<gazebo/><transmission name="t"/>`,
  )
  assert.deepEqual(
    warnings.map(({ code: warning, where }) => `${warning} ${where}`),
    [
      'unsupported-element r.urdf: robot/gazebo',
      'unsupported-element r.urdf: robot/transmission',
      'unsupported-element r.urdf: link[a]/sensor',
      'missing-visual r.urdf: link[a]/visual',
    ],
  )
})

test('inertia of joined pieces follows the parallel axis theorem', () => {
  const ball = {
    mass: 2,
    pose: { position: { x: 0, y: 0, z: 0 }, rotation: { x: 0, y: 0, z: 0, w: 1 } },
    ixx: 0.1,
    iyy: 0.1,
    izz: 0.1,
    ixy: 0,
    ixz: 0,
    iyz: 0,
  }
  const placed = [-1, 1].map((x) => ({ inertial: ball, pose: { position: { x, y: 0, z: 0 }, rotation: { x: 0, y: 0, z: 0, w: 1 } } }))
  const { mass, ixx, izz, ixy } = joinInertials(placed)
  assert.deepEqual([mass, ixy], [4, 0])
  assert.ok(Math.abs(ixx - 0.2) < 1e-12 && Math.abs(izz - 4.2) < 1e-12)
})

const arm = (kind: string, inner: string): string =>
  `${rover}${link('arm', `${inertial(0.5)}<collision><geometry><box size="0.02 0.02 0.2"/></geometry></collision>`)}<joint name="lift" type="${kind}"><parent link="base"/><child link="arm"/><origin xyz="0.1 0 0.4"/><axis xyz="0 2 0"/>${inner}</joint>`

test('what hangs on a movable joint is a part of its own, with axis, limits, damping and friction', () => {
  const { robot } = robotOfUrdf(
    read(arm('revolute', '<limit lower="-0.5" upper="1" effort="3" velocity="2"/><dynamics damping="0.2" friction="0.1"/>')),
    turtlebotDrive,
  )
  const [joint] = robot.joints ?? []
  assert.deepEqual(
    robot.parts?.map(({ name, inertial: { mass } }) => [name, mass]),
    [['arm', 0.5]],
  )
  assert.deepEqual(
    [joint?.kind, joint?.parent, joint?.child, joint?.limits, joint?.damping, joint?.friction],
    ['revolute', 0, 1, [-0.5, 1], 0.2, 0.1],
  )
  assert.ok(Math.abs((joint?.axis.y ?? 0) - 1) < 1e-12 && Math.abs((joint?.anchor.z ?? 0) - 0.42) < 1e-12)
  assert.ok(Math.abs(robot.inertial.mass - 3.2) < 1e-12, 'the base weighs what it weighs without the arm')
})

test('joints without limits, with limits the wrong way round, or with an axis that points nowhere are refused', () => {
  assert.throws(() => read(arm('revolute', '')), code('value/missing'))
  assert.throws(() => read(arm('prismatic', '<limit lower="1" upper="0"/>')), code('value/out-of-range'))
  assert.throws(() => read(arm('continuous', '<dynamics damping="-1"/>')), code('value/out-of-range'))
  assert.throws(() => read(arm('continuous', '').replace('0 2 0', '0 0 0')), code('value/out-of-range'))
  assert.throws(() => read(arm('continuous', '').replace('0 2 0', '0 nan 0')), code('value/not-finite'))
})

test('floating, planar and mimicking joints, and what carries a sensor or has no mass, are held still and named', () => {
  for (const kind of ['floating', 'planar']) {
    const { robot, warnings } = robotOfUrdf(read(arm(kind, '')), turtlebotDrive)
    assert.equal(robot.parts, undefined)
    assert.ok(warnings.some(({ where, message }) => where.includes('joint[lift]') && message.includes(kind)))
  }
  const mimic = read(arm('continuous', '<mimic joint="l"/>'))
  assert.ok(mimic.warnings.some(({ where }) => where.endsWith('joint[lift]/mimic')))
  const turning = robotOfUrdf(read(rover.replace('<joint name="s" type="fixed">', '<joint name="s" type="continuous">')), turtlebotDrive)
  assert.ok(turning.warnings.some(({ where, message }) => where === 'joint[s]' && message.includes('base_scan')))
})

test('motors are those that the file states, in wheel joints or a drive plugin, else the drive parameters, by name', () => {
  const usual = robotOfUrdf(read(rover), turtlebotDrive)
  assert.deepEqual([usual.robot.drive.stallTorque, usual.robot.drive.freeSpeed], [1.5, 14])
  assert.ok(usual.warnings.some(({ where }) => where === 'robot[r]/wheels'))
  const stated = rover.replaceAll('rpy="-1.5708 0 0"/>', 'rpy="-1.5708 0 0"/><limit effort="0.7" velocity="4"/>')
  const own = robotOfUrdf(read(stated), turtlebotDrive)
  assert.deepEqual([own.robot.drive.stallTorque, own.robot.drive.freeSpeed], [0.7, 4])
  assert.equal(own.robot.limits.linear, 4 * 0.05)
  assert.ok(!own.warnings.some(({ where }) => where === 'robot[r]/wheels'))
  const plugin = read(`${rover}<gazebo><plugin><max_wheel_torque>2.5</max_wheel_torque></plugin></gazebo>`)
  assert.equal(robotOfUrdf(plugin, turtlebotDrive).robot.drive.stallTorque, 2.5)
})
