import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { createRandom } from '../math/random.ts'
import { emptyMotion, type Motion } from '../physics/physics-world.ts'
import { Battery } from './battery.ts'
import { Drive, limitTwist } from './drive.ts'
import { Imu } from './imu.ts'
import { Odometry } from './odometry.ts'
import { carrierRobot, checkRobot, type RobotSpec } from './robot-spec.ts'

const DT = 0.01
const grip = { leftGrounded: true, rightGrounded: true, frictionScale: 1, torqueScale: 1 }

/** Drives a free body of the robot's mass without a physics engine: impulses change its velocity directly. */
function roll(
  robot: RobotSpec,
  wish: { linear: number; angular: number },
  steps: number,
  conditions = grip,
): { motion: Motion; drive: Drive } {
  const drive = new Drive(robot, 9.81)
  const motion = emptyMotion()
  for (let i = 0; i < steps; i++)
    drive.step(wish, motion, conditions, DT, (impulse, point) => {
      motion.linear.x += impulse.x / robot.inertial.mass
      motion.linear.y += impulse.y / robot.inertial.mass
      motion.angular.z += ((point.x - motion.position.x) * impulse.y - (point.y - motion.position.y) * impulse.x) / robot.inertial.izz
    })
  return { motion, drive }
}

test('a robot comes up to the speed that it is asked for, within its acceleration', () => {
  const { motion } = roll(carrierRobot, { linear: 1, angular: 0 }, 300)
  assert.ok(Math.abs(motion.linear.x - 1) < 0.03, `speed ${motion.linear.x}`)
  const early = roll(carrierRobot, { linear: 1, angular: 0 }, 20).motion
  assert.ok(early.linear.x <= carrierRobot.limits.linearAcceleration * 20 * DT + 1e-9)
})

test('a robot turns on the spot to the left for a positive wish', () => {
  const { motion } = roll(carrierRobot, { linear: 0, angular: 1 }, 200)
  assert.ok(Math.abs(motion.angular.z - 1) < 0.05, `turns at ${motion.angular.z}`)
  assert.ok(Math.abs(motion.linear.x) < 0.01)
})

test('wheels spin on ice, and without ground they push nothing', () => {
  const ice = roll(carrierRobot, { linear: 1, angular: 0 }, 60, { ...grip, frictionScale: 0.01 })
  assert.ok(ice.drive.state.leftSpeed * carrierRobot.drive.wheelRadius > 5 * ice.motion.linear.x)
  assert.equal(roll(carrierRobot, { linear: 1, angular: 0 }, 60, { ...grip, leftGrounded: false, rightGrounded: false }).motion.linear.x, 0)
})

test('a sideways slide is stopped by the tyres within their friction', () => {
  const drive = new Drive(carrierRobot, 9.81)
  const motion = emptyMotion()
  motion.linear.y = 1
  let sideways = 0
  drive.step({ linear: 0, angular: 0 }, motion, grip, DT, (impulse) => {
    sideways += impulse.y
  })
  const most = carrierRobot.drive.tyreFriction * carrierRobot.inertial.mass * 9.81 * carrierRobot.drive.loadShare * DT
  assert.ok(sideways < 0 && -sideways <= most + 1e-9)
})

test('a wish beyond the limits is cut, and one that is not a number is no motion', () => {
  assert.deepEqual(limitTwist({ linear: 99, angular: -99 }, carrierRobot.limits), { linear: 1.2, angular: -1.6 })
  assert.deepEqual(limitTwist({ linear: Number.NaN, angular: Number.POSITIVE_INFINITY }, carrierRobot.limits), { linear: 0, angular: 0 })
})

test('odometry follows the wheels, drifts with its errors, and continues where it was restored', () => {
  const perfect = { ...carrierRobot, odometry: { radiusSigma: 0, trackSigma: 0, walkSigma: 0, ticksPerTurn: 1e6 } }
  const run = (robot: RobotSpec, seed: number): Odometry => {
    const odometry = new Odometry(robot, createRandom(seed))
    for (let i = 0; i < 1000; i++) odometry.step(10, 10, DT)
    return odometry
  }
  const exact = run(perfect, 1).read()
  assert.ok(Math.abs(exact.x - 8) < 1e-3 && Math.abs(exact.y) < 1e-9 && Math.abs(exact.linear - 0.8) < 1e-3)
  const [a, b] = [run(carrierRobot, 1), run(carrierRobot, 2)]
  assert.notEqual(a.read().x, b.read().x)
  assert.ok(Math.abs(a.read().x - 8) > 1e-4)
  const state = a.state()
  a.step(10, 9, DT)
  const next = a.read()
  a.restore(state)
  a.step(10, 9, DT)
  assert.deepEqual(a.read(), next)
})

test('an inertial sensor at rest shows gravity upwards, noise and bias, and continues where it was restored', () => {
  const imu = new Imu(carrierRobot.imu, createRandom(4), { x: 0, y: 0, z: -9.81 })
  let z = 0
  for (let i = 0; i < 500; i++) z += imu.sample(emptyMotion(), DT).acceleration.z / 500
  assert.ok(Math.abs(z - 9.81) < 0.3)
  const state = imu.state()
  const next = imu.sample(emptyMotion(), DT)
  imu.restore(state)
  assert.deepEqual(imu.sample(emptyMotion(), DT), next)
})

test('a battery drains with time and work, never below nothing, and then is flat', () => {
  const battery = new Battery({ ...carrierRobot.battery, capacityWh: 0.1, startCharge: 1 })
  const rest = { linear: 0, angular: 0, leftSpeed: 0, rightSpeed: 0, leftTorque: 0, rightTorque: 0 }
  battery.step(rest, 1, 0)
  const idle = battery.read()
  battery.step({ ...rest, leftSpeed: 10, leftTorque: 4 }, 1, 0)
  assert.equal(idle.watts, carrierRobot.battery.idleWatts)
  assert.ok(battery.read().watts > idle.watts)
  const state = battery.state()
  battery.step(rest, 1e6, 100)
  assert.equal(battery.read().charge, 0)
  assert.ok(battery.isFlat())
  battery.restore(state)
  assert.ok(!battery.isFlat())
})

test('robots with numbers that cannot be driven are refused by field', () => {
  const refused = (robot: RobotSpec, code: string): void =>
    assert.throws(
      () => checkRobot(robot),
      (error) => error instanceof EngineError && error.code === code,
    )
  refused({ ...carrierRobot, drive: { ...carrierRobot.drive, wheelRadius: 0 } }, 'value/out-of-range')
  refused({ ...carrierRobot, limits: { ...carrierRobot.limits, linear: Number.NaN } }, 'value/not-finite')
  refused({ ...carrierRobot, inertial: { ...carrierRobot.inertial, mass: -1 } }, 'mass/not-positive')
})
