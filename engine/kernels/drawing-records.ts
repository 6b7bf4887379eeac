// Records that the rasteriser's host and its kernels share: the corners of faces, as the camera sees them, and the faces between them.

/** Places in a corner's record, in bytes: x and y in camera axes, how far ahead it lies, column and row of the picture. */
export const corner = { bytes: 40, across: 0, ahead: 16, screen: 24 } as const

/** Places in a face's record, in bytes: addresses of its corners, counter-clockwise (no fourth: 0), and its number plus one. */
export const drawnFace = { bytes: 20, a: 0, b: 4, c: 8, d: 12, number: 16 } as const
