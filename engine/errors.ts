// The coded failures of the engine. Everything that the engine refuses, from a broken mesh to a map without free cells,
// is one of these: the code is stable and machine-read, the message says what happened and what to do next.
// A drive that goes wrong is not an error: it is a verdict (engine/run/assertions.ts).

/** Every code that the engine throws; one word per area, then the fault. */
export type EngineErrorCode =
  | 'xml/too-large'
  | 'xml/forbidden-declaration'
  | 'xml/too-deep'
  | 'xml/too-many-elements'
  | 'xml/malformed'
  | 'sdf/not-sdf'
  | 'sdf/cyclic-include'
  | 'sdf/too-many-includes'
  | 'sdf/include-missing'
  | 'sdf/joint-to-nowhere'
  | 'sdf/cyclic-joints'
  | 'urdf/not-urdf'
  | 'urdf/joint-to-nowhere'
  | 'urdf/cyclic-joints'
  | 'urdf/unknown-property'
  | 'mesh/missing'
  | 'mesh/too-many-triangles'
  | 'mesh/too-large'
  | 'mesh/malformed'
  | 'mesh/unsupported-format'
  | 'map/malformed'
  | 'map/too-large'
  | 'map/no-free-cell'
  | 'value/not-finite'
  | 'value/out-of-range'
  | 'value/missing'
  | 'value/not-a-number'
  | 'mass/not-positive'
  | 'inertia/not-physical'
  | 'scene/too-many-bodies'
  | 'scene/duplicate-id'
  | 'scene/no-such-body'
  | 'run/bad-input'
  | 'run/snapshot-mismatch'
  | 'run/ended'
  | 'physics/exploded'
  | 'sweep/bad-space'
  | 'sweep/too-many-cases'
  | 'controller/not-started'

/** A refusal of the engine with a stable code, a sentence for people and plain facts for machines. */
export class EngineError extends Error {
  readonly code: EngineErrorCode
  readonly facts: Readonly<Record<string, string | number>>

  constructor(code: EngineErrorCode, message: string, facts: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EngineError'
    this.code = code
    this.facts = facts
  }
}
