// SDF worlds (1.4 to 1.7 as Gazebo wrote them): models, links, nested models and includes become bodies of a scene. Every
// link is one body, but for those on fixed joints (sdf-joints.ts). The files are untrusted: includes may loop, meshes may be missing, numbers may be anything.

import { EngineError } from '../errors.ts'
import { multiplyQuat } from '../math/quat.ts'
import { compose, identity, type Transform } from '../math/transform.ts'
import { checkScene } from '../scene/check-scene.ts'
import type { Body, ClassLabel, Collider, Light, Material, Scene, SceneJoint } from '../scene/scene.ts'
import { type FileSource, normalPath, readText } from './file-source.ts'
import { labelFor, materialFor } from './labels.ts'
import { MeshLibrary } from './mesh-library.ts'
import { booleanFrom, numbersFrom } from './numbers.ts'
import { joinLinks } from './sdf-joints.ts'
import { inertialOf, lightOf, materialOf, poseOf, type SdfContext, shapeOf, surfaceOf } from './sdf-parts.ts'
import { Warnings } from './warnings.ts'
import { childOf, childrenOf, parseXml, type XmlElement } from './xml.ts'

/** Limits on one SDF world. */
const sdfLimits = { includeDepthMax: 16, includesMax: 5000, modelDepthMax: 16 }

/** Where a part is: the file that holds it, its pose, its names from the outside in, and whether it stands. */
interface Place {
  readonly file: string
  readonly pose: Transform
  readonly names: readonly string[]
  readonly isFixed: boolean
  readonly includes: readonly string[]
}

const ignorable = ['pose', 'static', 'link', 'joint', 'model', 'include', 'meta']

class SdfReader {
  readonly bodies: Body[] = []
  readonly joints: SceneJoint[] = []
  readonly lights: Light[] = []
  readonly warnings = new Warnings()
  readonly #files: FileSource
  readonly #context: SdfContext
  readonly #roots = new Map<string, XmlElement>()
  #includes = 0

  constructor(files: FileSource) {
    this.#files = files
    this.#context = { warnings: this.warnings, meshes: new MeshLibrary(files), resolve: (uri, file) => this.#resolve(uri, file) }
  }

  /** `model://name/…` is looked for in `models/`, then beside the root; other references are relative to their file. */
  #resolve(uri: string, file: string): string {
    const model = /^(?:model|package):\/\/(.+)$/.exec(uri)?.[1]
    const raw = model ?? uri.replace(/^file:\/\//, '')
    const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')))
    const candidates = (model === undefined ? [`${folder}/${raw}`, raw] : [`models/${raw}`, raw]).map((path) => normalPath(path))
    const files = this.#files.list()
    const found = candidates.find((path) => path !== null && files.some((known) => known === path || known.startsWith(`${path}/`)))
    return found ?? candidates[0] ?? raw
  }

  root(file: string): XmlElement {
    const known = this.#roots.get(file)
    if (known !== undefined) return known
    const text = readText(this.#files, file)
    if (text === null) throw new EngineError('sdf/include-missing', `The file \`${file}\` is not there`, { file })
    const root = parseXml(text, file)
    if (root.name !== 'sdf') throw new EngineError('sdf/not-sdf', `\`${file}\` is not SDF: its root is <${root.name}>`, { file })
    this.#roots.set(file, root)
    return root
  }

  world(world: XmlElement, place: Place): void {
    const where = `${place.file}: world`
    this.warnings.unsupported(world, where, ['gravity', 'model', 'include', 'light'])
    for (const comment of world.comments)
      for (const [, name] of comment.matchAll(/<?model\s+name\s*=\s*["']([^"']+)["']/g))
        this.warnings.add('commented-include', `${where}/${name}`, `The model \`${name}\` is commented out: it was left out`)
    this.#contents(world, place, where)
    for (const element of childrenOf(world, 'light')) {
      const light = lightOf(element, `${where}/light[${element.attributes.name ?? ''}]`, this.warnings)
      if (light !== null) this.lights.push(light)
    }
  }

  #contents(element: XmlElement, place: Place, where: string): void {
    for (const model of childrenOf(element, 'model')) this.model(model, place)
    for (const include of childrenOf(element, 'include')) this.#include(include, place, where)
  }

  #include(include: XmlElement, place: Place, where: string): void {
    this.#includes += 1
    if (this.#includes > sdfLimits.includesMax)
      throw new EngineError('sdf/too-many-includes', `A world includes more than ${sdfLimits.includesMax} models`)
    this.warnings.unsupported(include, `${where}/include`, ['uri', 'pose', 'name', 'static'])
    const file = this.#modelFile(childOf(include, 'uri')?.text.trim() ?? '', place.file)
    if (place.includes.includes(file))
      throw new EngineError('sdf/cyclic-include', `\`${file}\` includes itself: ${[...place.includes, file].join(' → ')}`, { file })
    if (place.includes.length >= sdfLimits.includeDepthMax)
      throw new EngineError('sdf/cyclic-include', `Includes nest deeper than ${sdfLimits.includeDepthMax}`, { file })
    const name = childOf(include, 'name')?.text.trim()
    const inner: Place = {
      file,
      pose: compose(place.pose, poseOf(include, `${where}/include`, this.warnings)),
      names: name === undefined ? place.names : [...place.names, name],
      isFixed: place.isFixed || booleanFrom(childOf(include, 'static')?.text, false),
      includes: [...place.includes, file],
    }
    const root = this.root(file)
    const models = childrenOf(root, 'model')
    this.warnings.unsupported(root, `${file}: sdf`, ['model'])
    if (models.length === 0) throw new EngineError('sdf/not-sdf', `\`${file}\` holds no model`, { file })
    for (const model of models) this.model(model, inner)
  }

  /** The SDF file of an included model: the one that its model.config names, or model.sdf. */
  #modelFile(uri: string, from: string): string {
    const folder = this.#resolve(uri, from)
    if (/\.(?:sdf|world)$/i.test(folder)) return folder
    const config = readText(this.#files, `${folder}/model.config`)
    const named = config === null ? undefined : childOf(parseXml(config, `${folder}/model.config`), 'sdf')?.text.trim()
    const file = normalPath(`${folder}/${named ?? 'model.sdf'}`) ?? ''
    if (this.#files.read(file) === null)
      throw new EngineError('sdf/include-missing', `The included model \`${uri}\` is not there (${file})`, { uri, file })
    return file
  }

  model(model: XmlElement, place: Place): void {
    const own = model.attributes.name ?? 'model'
    const where = `${place.file}: model[${own}]`
    if (place.names.length > sdfLimits.modelDepthMax)
      throw new EngineError('xml/too-deep', `Models nest deeper than ${sdfLimits.modelDepthMax} (${where})`, { where })
    this.warnings.unsupported(model, where, ignorable)
    const inner: Place = {
      ...place,
      pose: compose(place.pose, poseOf(model, where, this.warnings)),
      names: [...place.names, own],
      isFixed: place.isFixed || booleanFrom(childOf(model, 'static')?.text, false),
    }
    this.#links(model, inner, where)
    this.#contents(model, inner, where)
  }

  /** The links of a model as bodies. Joints of what stands hold nothing that could move. */
  #links(model: XmlElement, place: Place, where: string): void {
    const elements = childrenOf(model, 'link')
    const links = new Map(
      elements.map((link) => [link.attributes.name ?? 'link', this.#link(link, place, where, elements.length > 1)] as const),
    )
    const start = this.bodies.length
    const linked = place.isFixed
      ? { bodies: [...links.values()].filter((body) => body !== null), joints: [] }
      : joinLinks({ element: model, pose: place.pose, links, where }, this.warnings)
    this.bodies.push(...linked.bodies.map((body, i) => ({ ...body, id: start + i + 1 })))
    this.joints.push(...linked.joints.map((joint) => ({ ...joint, parent: joint.parent + start, child: joint.child + start })))
  }

  #link(link: XmlElement, place: Place, modelWhere: string, isOneOfMany: boolean): Body | null {
    const linkName = link.attributes.name ?? 'link'
    const where = `${modelWhere}/link[${linkName}]`
    this.warnings.unsupported(link, where, ['pose', 'inertial', 'collision', 'visual', 'self_collide', 'kinematic', 'gravity'])
    this.warnings.unlessIdle(link, where, { self_collide: '', kinematic: '' })
    if (!place.isFixed && !booleanFrom(childOf(link, 'gravity')?.text, true))
      this.warnings.add('unsupported-value', `${where}/gravity`, 'A link without gravity falls all the same')
    const name = isOneOfMany ? `${place.names[0]}/${linkName}` : (place.names[0] ?? linkName)
    const label = labelFor(place.names.join(' '))
    const colliders = this.#colliders(link, place, where, label)
    if (colliders.length === 0) return null
    const inertial = inertialOf(link, where, place.isFixed, this.warnings)
    return {
      id: 1,
      name,
      label,
      motion: place.isFixed ? 'fixed' : 'dynamic',
      pose: compose(place.pose, poseOf(link, where, this.warnings)),
      colliders,
      ...(inertial === undefined || place.isFixed ? {} : { inertial }),
    }
  }

  /** Solid parts from collisions and drawn parts from visuals; where a visual's mesh is not there, the collisions are drawn. */
  #colliders(link: XmlElement, place: Place, where: string, label: ClassLabel): Collider[] {
    const visuals = childrenOf(link, 'visual').map((visual) => this.#visual(visual, place, where, label))
    const areDrawn = visuals.length > 0 && visuals.every((visual) => visual !== null)
    const solids = childrenOf(link, 'collision').flatMap((collision) => {
      const at = `${where}/collision`
      this.warnings.unsupported(collision, at, ['pose', 'geometry', 'surface', 'laser_retro', 'max_contacts'])
      this.warnings.unlessIdle(collision, at, { laser_retro: '' })
      const surface = surfaceOf(collision, at, this.warnings)
      return this.#part(collision, place, at, { ...surface, material: materialFor(label), solid: true, drawn: !areDrawn })
    })
    return areDrawn ? [...solids, ...visuals.flatMap((visual) => visual ?? [])] : solids
  }

  #visual(visual: XmlElement, place: Place, where: string, label: ClassLabel): Collider[] | null {
    const at = `${where}/visual`
    const uri = childOf(childOf(childOf(visual, 'geometry'), 'mesh'), 'uri')?.text.trim()
    if (uri !== undefined && !this.#context.meshes.has(this.#resolve(uri, place.file))) {
      this.warnings.add('missing-visual', at, `The visual mesh \`${uri}\` is not there: collision shapes are drawn instead`)
      return null
    }
    const material: Material = materialOf(visual, at, materialFor(label), this.warnings)
    return this.#part(visual, place, at, { friction: 0, restitution: 0, material, solid: false, drawn: true })
  }

  #part(element: XmlElement, place: Place, where: string, rest: Omit<Collider, 'shape' | 'pose'>): Collider[] {
    const read = shapeOf(childOf(element, 'geometry'), `${where}/geometry`, place.file, this.#context)
    if (read === null) return []
    const pose = poseOf(element, where, this.warnings)
    return [{ ...rest, shape: read.shape, pose: { position: pose.position, rotation: multiplyQuat(pose.rotation, read.turn) } }]
  }
}

/** Reads an SDF world file out of a source as a checked scene. Throws coded errors; what is left out is in its warnings. */
export function readSdfWorld(files: FileSource, file: string): Scene {
  const reader = new SdfReader(files)
  const root = reader.root(file)
  const world = childOf(root, 'world')
  const place: Place = { file, pose: identity, names: [], isFixed: false, includes: [file] }
  if (world !== undefined) reader.world(world, place)
  else for (const model of childrenOf(root, 'model')) reader.model(model, place)
  const gravity = childOf(world, 'gravity')
  const [x = 0, y = 0, z = 0] = numbersFrom(gravity?.text ?? '0 0 -9.80665', 3, `${file}: world/gravity`)
  return checkScene({
    name: world?.attributes.name ?? file,
    gravity: { x, y, z },
    bodies: reader.bodies,
    ...(reader.joints.length === 0 ? {} : { joints: reader.joints }),
    lights: reader.lights,
    ambient: { r: 0.2, g: 0.2, b: 0.21 },
    warnings: reader.warnings.list(),
  })
}
