// A picture: what one look through a camera yields.

/** What a look yields. The arrays are reused by the next look: copy what you keep. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** Three bytes per pixel, rows from the top. */
  readonly rgb: Uint8Array
  /** Metres along the camera's axis; 0 where nothing is. */
  readonly depth: Float32Array
  /** Body id per pixel; 0 where nothing is. */
  readonly instances: Uint16Array
}

/** An empty picture. */
export function createPicture(width: number, height: number): Picture {
  const pixels = width * height
  return { width, height, rgb: new Uint8Array(pixels * 3), depth: new Float32Array(pixels), instances: new Uint16Array(pixels) }
}
