// The drive in three dimensions, with three and nothing above it. Loaded on demand; draws when something changed and never on a clock of its own.
import {
  AmbientLight,
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  Group,
  InstancedMesh,
  Line,
  LineBasicMaterial,
  Matrix4,
  Mesh,
  MeshLambertMaterial,
  OctahedronGeometry,
  PerspectiveCamera,
  PlaneGeometry,
  Quaternion,
  RingGeometry,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js'
import { poseAt } from './moment.ts'
import type { Box, Mover, ReplayFile } from './replay-file.ts'

/** The colours of the theme that is worn. */
export interface StageColours {
  readonly ground: string
  readonly floor: string
  readonly still: string
  readonly robot: string
  readonly person: string
  readonly goal: string
}

/** How one can look at the room without a pointer. */
export type Look = 'left' | 'right' | 'higher' | 'lower' | 'closer' | 'farther' | 'first'

const pixelRatioMax = 2
const turnBy = Math.PI / 12
const nearBy = 0.8
/** Metres from what is looked at. */
const [nearest, farthest] = [1.5, 120]
/** Radians above the floor. */
const [lowest, highest] = [0.06, Math.PI / 2 - 0.02]
/** What each look adds to the turn around the middle and to the height above it, and how it multiplies the distance. */
const moves: Readonly<Record<Exclude<Look, 'first'>, readonly [turn: number, rise: number, far: number]>> = {
  left: [-turnBy, 0, 1],
  right: [turnBy, 0, 1],
  higher: [0, turnBy / 2, 1],
  lower: [0, -turnBy / 2, 1],
  closer: [0, 0, nearBy],
  farther: [0, 0, 1 / nearBy],
}
const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
const painted = ['floor', 'still', 'around', 'robot', 'person', 'goal'] as const

/** Whether a box is a wall or a roof: what it surrounds is seen through it. */
function isAround({ label, size: [x, y, z] }: Box): boolean {
  return label === 'wall' || (Math.max(x, y) > 8 && Math.max(Math.min(x, y), z) > 1.5)
}

function placed({ at, turn, size }: Box): Matrix4 {
  return new Matrix4().compose(new Vector3(...at), new Quaternion(...turn).normalize(), new Vector3(...size))
}

function boxesOf(boxes: readonly Box[], material: MeshLambertMaterial): InstancedMesh {
  const mesh = new InstancedMesh(new BoxGeometry(1, 1, 1), material, boxes.length)
  for (const [at, box] of boxes.entries()) mesh.setMatrixAt(at, placed(box))
  return mesh
}

function trackOf({ track }: Mover, material: LineBasicMaterial): Line {
  const points = new Float32Array(track.length)
  for (let at = 0; at + 2 < track.length; at += 3) points.set([track[at] ?? 0, track[at + 1] ?? 0, 0.02], at)
  return new Line(new BufferGeometry().setAttribute('position', new BufferAttribute(points, 3)), material)
}

/** A canvas with the drive on it. */
export class Stage {
  readonly #file: ReplayFile
  readonly #renderer: WebGLRenderer
  readonly #scene = new Scene()
  readonly #camera = new PerspectiveCamera(45, 1, 0.05, 500)
  readonly #controls: OrbitControls
  readonly #materials: Readonly<Record<(typeof painted)[number], MeshLambertMaterial>>
  readonly #line = new LineBasicMaterial()
  readonly #floor: Mesh
  readonly #movers: readonly (readonly [Mover, Group])[]
  #isAsked = false
  #isOver = false

  constructor(canvas: HTMLCanvasElement, file: ReplayFile, colours: StageColours) {
    this.#file = file
    this.#renderer = new WebGLRenderer({ canvas, antialias: true })
    this.#materials = {
      floor: new MeshLambertMaterial(),
      still: new MeshLambertMaterial(),
      around: new MeshLambertMaterial({ transparent: true, opacity: 0.14, depthWrite: false }),
      robot: new MeshLambertMaterial(),
      person: new MeshLambertMaterial(),
      goal: new MeshLambertMaterial(),
    }
    this.#floor = new Mesh(new PlaneGeometry(200, 200), this.#materials.floor)
    this.#scene.add(this.#floor, new AmbientLight(0xffffff, 1.6), this.#sun())
    const [around, within] = [file.boxes.filter(isAround), file.boxes.filter((box) => !isAround(box))]
    this.#scene.add(boxesOf(within, this.#materials.still), boxesOf(around, this.#materials.around))
    this.#scene.add(trackOf(file.robot, this.#line), ...this.#goals())
    this.#movers = [
      [file.robot, this.#figure(file.robot, this.#materials.robot)],
      ...file.people.map((person) => [person, this.#figure(person, this.#materials.person)] as const),
    ]
    this.#scene.add(...this.#movers.map(([, group]) => group))
    this.#camera.up.set(0, 0, 1)
    this.#controls = new OrbitControls(this.#camera, canvas)
    this.#controls.maxPolarAngle = Math.PI / 2 - 0.05
    this.#lookAround()
    this.#controls.addEventListener('change', () => this.#ask())
    this.wear(colours)
  }

  #sun(): DirectionalLight {
    const sun = new DirectionalLight(0xffffff, 2)
    sun.position.set(4, -7, 12)
    return sun
  }

  #goals(): Mesh[] {
    return this.#file.goals.map(({ x, y }) => {
      const ring = new Mesh(new RingGeometry(0.28, 0.4, 32), this.#materials.goal)
      ring.position.set(x, y, 0.03)
      return ring
    })
  }

  /** A mover: its boxes, or a plain shape where it has none, with a pointer above that is seen over shelves. */
  #figure({ boxes }: Mover, material: MeshLambertMaterial): Group {
    const group = new Group()
    if (boxes.length > 0) group.add(boxesOf(boxes, material))
    const pointer = new Mesh(new OctahedronGeometry(0.22), material)
    pointer.position.set(0, 0, 2.4)
    return group.add(pointer)
  }

  /** Looks at where the drive goes, from a corner above. */
  #lookAround(): void {
    const { track } = this.#file.robot
    const [low, high] = [new Vector3(Infinity, Infinity, 0), new Vector3(-Infinity, -Infinity, 0)]
    for (let at = 0; at + 2 < track.length; at += 3) {
      const point = new Vector3(track[at], track[at + 1], 0)
      low.min(point)
      high.max(point)
    }
    const middle = low.clone().add(high).multiplyScalar(0.5)
    const far = Math.max(6, high.distanceTo(low)) * 1.05
    this.#floor.position.set(middle.x, middle.y, -0.01)
    this.#controls.target.copy(middle)
    this.#camera.position.set(middle.x - far * 0.5, middle.y - far * 0.75, far * 0.8)
    this.#controls.update()
  }

  /** Looks from elsewhere: the same as dragging and scrolling do, by a key or a button. */
  look(how: Look): void {
    if (how === 'first') {
      this.#lookAround()
      return
    }
    const [turn, rise, far] = moves[how]
    const { target } = this.#controls
    const from = this.#camera.position.clone().sub(target)
    const distance = within(from.length() * far, nearest, farthest)
    const around = Math.atan2(from.y, from.x) + turn
    const above = within(Math.asin(within(from.z / from.length(), -1, 1)) + rise, lowest, highest)
    const flat = distance * Math.cos(above)
    this.#camera.position.set(target.x + flat * Math.cos(around), target.y + flat * Math.sin(around), target.z + distance * Math.sin(above))
    this.#controls.update()
  }

  /** Puts on the colours of a theme. */
  wear(colours: StageColours): void {
    for (const name of painted) this.#materials[name].color.set(colours[name === 'around' ? 'still' : name])
    this.#line.color.set(colours.robot)
    this.#scene.background = new Color(colours.ground)
    this.#ask()
  }

  /** Fits the canvas into its place. */
  fit(width: number, height: number): void {
    if (width < 1 || height < 1) return
    this.#renderer.setPixelRatio(Math.min(pixelRatioMax, window.devicePixelRatio))
    this.#renderer.setSize(width, height, false)
    this.#camera.aspect = width / height
    this.#camera.updateProjectionMatrix()
    this.#ask()
  }

  /** Shows a time of the drive. */
  show(t: number): void {
    for (const [mover, group] of this.#movers) {
      const { x, y, yaw } = poseAt(this.#file.times, mover, t)
      group.position.set(x, y, 0)
      group.rotation.z = yaw
    }
    this.#ask()
  }

  /** Draws once, in the next frame, however often it is asked. */
  #ask(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    requestAnimationFrame(() => {
      this.#isAsked = false
      if (!this.#isOver) this.#renderer.render(this.#scene, this.#camera)
    })
  }

  /** Gives everything back. */
  close(): void {
    this.#isOver = true
    this.#controls.dispose()
    this.#scene.traverse((object) => {
      if (object instanceof Mesh || object instanceof Line) object.geometry.dispose()
    })
    for (const material of [...Object.values(this.#materials), this.#line]) material.dispose()
    this.#renderer.dispose()
  }
}
