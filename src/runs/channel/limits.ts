// What the channel between a run and its supervisor will carry at most. Everything the child sends is measured against this page.
// The child is hostile: a limit that is hit ends the cell, and the error names it.

/** Bytes of one frame's JSON text, its four length bytes apart. */
export const frameBytesMax = 1024 * 1024

/** Bytes of one body or chunk before base64; a frame holds one of these with room for its envelope. */
export const chunkBytesMax = 512 * 1024

/** Characters of a body in base64: four for every three bytes, padded. */
export const bodyTextMax = Math.ceil(chunkBytesMax / 3) * 4

/** Requests (call, asset, output, credential) that may be open at once. */
export const outstandingRequestsMax = 32

/** Levels to which JSON from either side may be nested. */
export const jsonDepthMax = 32

/** UTF-8 bytes of a run's summary, and of its parameters, as JSON text. */
export const jsonBytesMax = 64 * 1024

/** Headers of one call or one answer. */
export const headersMax = 64

/** Assets that one run may be given. */
export const assetsMax = 256

/** Characters of an output's or asset's name. */
export const nameCharactersMax = 200
