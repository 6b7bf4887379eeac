// What comes with a world or a robot that somebody imports, and what a controller of his own answers: XML, meshes, maps, pictures, scenarios, command lines. An
// import runs with its author's rights, and a hostile file must cost no more than being refused.
import assert from 'node:assert/strict'
import { ControllerFailure } from '../../../engine/control/controller.ts'
import { parseCommand } from '../../../engine/control/external-controller.ts'
import { EngineError } from '../../../engine/errors.ts'
import { readCollada } from '../../../engine/formats/collada.ts'
import { bundleSource } from '../../../engine/formats/file-source.ts'
import { readMap, readPgm } from '../../../engine/formats/pgm-map.ts'
import { readStl } from '../../../engine/formats/stl.ts'
import { parseXml } from '../../../engine/formats/xml.ts'
import { decodePng } from '../../../engine/outputs/png-reading.ts'
import { parseScenario } from '../../../engine/scenarios/scenario.ts'
import { parseSpace } from '../../../engine/sweep/parse-space.ts'
import { utf8 } from '../../../src/kernel/index.ts'
import { spoilBytes, spoilJsonText, spoilText } from '../hostile.ts'
import { type Target, target } from '../target.ts'

const world = '<?xml version="1.0"?><sdf version="1.9"><world name="w"><model name="m"><pose>0 0 1 0 0 0</pose></model></world></sdf>'
const mesh =
  '<COLLADA version="1.4.1"><asset><unit meter="1"/></asset><library_geometries><geometry id="g"><mesh><source id="p"><float_array id="f" count="9">' +
  '0 0 0 1 0 0 0 1 0</float_array><technique_common><accessor source="#f" count="3" stride="3"/></technique_common></source><vertices id="v">' +
  '<input semantic="POSITION" source="#p"/></vertices><triangles count="1"><input semantic="VERTEX" source="#v" offset="0"/><p>0 1 2</p></triangles>' +
  '</mesh></geometry></library_geometries></COLLADA>'
const facet = 'facet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\n'
const binaryStl = Buffer.concat([Buffer.alloc(80), Buffer.from([1, 0, 0, 0]), Buffer.alloc(50)])
const mapText = 'image: map.pgm\nresolution: 0.05\norigin: [0, 0, 0]\nnegate: 0\noccupied_thresh: 0.65\nfree_thresh: 0.2\n'
const pgm = utf8('P5\n# a\n2 2\n255\n\u0001\u0002\u0003\u0004')
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64')
const scenario = { schema: 'x', name: 'n', seed: 1, durationS: 4, robot: {}, world: {}, goals: [{ x: 1, y: 2 }] }

const promises = (error: unknown): boolean => error instanceof EngineError

/** The readers of worlds, meshes, maps and what a controller says. */
export const worldTargets: readonly Target[] = [
  target<string>({
    name: 'world-xml',
    share: 5,
    draw: (random) => (random.once(40) ? '<a>'.repeat(500) : spoilText(random, random.pick([world, mesh]))),
    put: (text) => assert.ok(parseXml(text, 'world.sdf').name.length > 0),
    promises,
  }),
  target<string>({
    name: 'collada',
    share: 4,
    draw: (random) => spoilText(random, mesh),
    put: (text) => readCollada(text, 'm.dae'),
    promises,
  }),
  target<Uint8Array>({
    name: 'stl',
    share: 8,
    draw: (random) => spoilBytes(random, random.pick([binaryStl, utf8(`solid x\n${facet}endsolid x\n`)])),
    put: (bytes) => readStl(bytes, 'm.stl'),
    promises,
  }),
  target<Uint8Array>({
    name: 'pgm',
    share: 8,
    draw: (random) => spoilBytes(random, pgm),
    put: (bytes) => readPgm(bytes, 'map.pgm'),
    promises,
  }),
  target<{ readonly text: string; readonly picture: Uint8Array }>({
    name: 'map',
    share: 5,
    draw: (random) => ({ text: spoilText(random, mapText), picture: random.once(4) ? spoilBytes(random, pgm) : pgm }),
    put: ({ text, picture }) =>
      readMap(
        bundleSource(
          new Map([
            ['map.yaml', utf8(text.toWellFormed())],
            ['map.pgm', picture],
          ]),
        ),
        'map.yaml',
      ),
    promises,
  }),
  target<Uint8Array>({ name: 'png', share: 4, draw: (random) => spoilBytes(random, png), put: decodePng, promises }),
  target<string>({ name: 'scenario', share: 10, draw: (random) => spoilJsonText(random, scenario), put: parseScenario, promises }),
  target<readonly string[]>({
    name: 'sweep-space',
    share: 10,
    draw: (random) => ['robot.mass=1..2', 'world.friction=0.2|0.4', 'seed=5~1'].map((word) => spoilText(random, word)),
    put: parseSpace,
    promises,
  }),
  target<string>({
    name: 'controller-command',
    share: 10,
    draw: (random) => spoilJsonText(random, { v: 0.4, w: -0.1, note: 'on the way' }),
    put: parseCommand,
    promises: (error) => error instanceof ControllerFailure,
  }),
]
