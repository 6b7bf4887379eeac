// The parameters of a run as a person types them: JSON, or nothing.

/** What was typed, read: an object, nothing, or why it is neither. */
export type TypedParameters = { readonly value: Readonly<Record<string, unknown>> | undefined } | { readonly error: string }

/** Reads typed parameters. */
export function readParameters(text: string): TypedParameters {
  if (text.trim() === '') return { value: undefined }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { error: 'Write one JSON object: {"name": value}.' }
    return { value: value as Readonly<Record<string, unknown>> } // an object that is no list
  } catch (error) {
    return { error: `This is not JSON: ${error instanceof Error ? error.message : ''}` }
  }
}

/** Reads a typed seed: a whole number from 0 that survives JSON, or nothing. */
export function readSeed(text: string): { readonly value: number | undefined } | { readonly error: string } {
  if (text.trim() === '') return { value: undefined }
  const value = Number(text)
  return /^\d+$/.test(text.trim()) && Number.isSafeInteger(value) ? { value } : { error: 'Write a whole number from 0, or leave it empty.' }
}
