// A canary for the rooms' purity: if any import of the rooms program brings Node's types back, `process` exists and this suppression is an error.
// It is compiled with the rooms and never imported.

// @ts-expect-error rooms have no process
export const canary: unknown = process
