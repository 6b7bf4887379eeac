// A COCO dataset (cocodataset.org, "Data format"): images, categories and annotations with exact masks, and beside the standard fields what COCO
// has no word for: occlusion, truncation and the three-dimensional box.

import { classIdOf, classLabels } from '../scene/scene.ts'
import type { CameraFrame } from '../sensors/camera.ts'
import type { ObjectLabel } from '../sensors/labels.ts'
import { compactRuns, type RleMask, runsOfInstances } from './rle.ts'

/** An image of the dataset. */
export interface CocoImage {
  readonly id: number
  readonly file_name: string
  readonly width: number
  readonly height: number
  /** Simulated seconds, and the camera's intrinsics and pose in the world. */
  readonly seconds: number
  readonly camera: {
    readonly fx: number
    readonly fy: number
    readonly cx: number
    readonly cy: number
    readonly position: readonly number[]
    readonly rotation: readonly number[]
  }
}

/** One object in one image. */
export interface CocoAnnotation {
  readonly id: number
  readonly image_id: number
  readonly category_id: number
  readonly bbox: readonly [number, number, number, number]
  readonly area: number
  readonly iscrowd: 0
  readonly segmentation: RleMask
  readonly instance_id: number
  readonly occlusion: number
  readonly truncation: number
  readonly box3d: ObjectLabel['box3d']
}

/** The file. */
export interface CocoDataset {
  readonly info: { readonly description: string; readonly version: string; readonly contributor: string }
  readonly licenses: readonly []
  readonly categories: readonly { readonly id: number; readonly name: string; readonly supercategory: string }[]
  readonly images: readonly CocoImage[]
  readonly annotations: readonly CocoAnnotation[]
}

/** Collects frames into a dataset. */
export class CocoBuilder {
  readonly #images: CocoImage[] = []
  readonly #annotations: CocoAnnotation[] = []
  readonly #counts = new Map<string, number>()

  /** Adds a frame with its labels; `fileName` is where its picture is. */
  add(frame: CameraFrame, labels: readonly ObjectLabel[], fileName: string): void {
    const { width, height, instances, timeNs, view } = frame
    const image_id = this.#images.length + 1
    const { fx, fy, cx, cy, position, rotation } = view
    this.#images.push({
      id: image_id,
      file_name: fileName,
      width,
      height,
      seconds: timeNs / 1e9,
      camera: { fx, fy, cx, cy, position: [...position], rotation: [...rotation] },
    })
    const runs = runsOfInstances(width, height, instances)
    for (const label of labels) {
      const name = classLabels[label.classId - 1] ?? 'other'
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
      this.#annotations.push({
        id: this.#annotations.length + 1,
        image_id,
        category_id: label.classId,
        bbox: label.box,
        area: label.visiblePixels,
        iscrowd: 0,
        segmentation: { size: [height, width], counts: compactRuns(runs.get(label.instanceId) ?? []) },
        instance_id: label.instanceId,
        occlusion: rounded(label.occlusion),
        truncation: rounded(label.truncation),
        box3d: label.box3d,
      })
    }
  }

  /** Annotations per class name, in the order of the classes. */
  counts(): ReadonlyMap<string, number> {
    return new Map(classLabels.flatMap((name) => (this.#counts.has(name) ? [[name, this.#counts.get(name) ?? 0] as const] : [])))
  }

  /** The dataset so far. */
  build(description: string): CocoDataset {
    return {
      info: { description, version: '1', contributor: 'simulated' },
      licenses: [],
      categories: classLabels.map((name) => ({ id: classIdOf(name), name, supercategory: 'warehouse' })),
      images: this.#images,
      annotations: this.#annotations,
    }
  }
}

function rounded(share: number): number {
  return Math.floor(share * 1e6 + 0.5) / 1e6
}
