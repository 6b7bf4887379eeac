// Values on their way to PostgreSQL. They may be attacker-controlled: what stands in a list is counted or escaped, and never text of a statement.

type Element = string | number | null

/** A value as it is sent. Lists are written here: `pg` looks through each text twice for what has to be escaped. Where a list is known to be of texts, nothing has to be. */
export function asParameter(value: unknown, isTexts: boolean): unknown {
  if (!Array.isArray(value) || !value.every(isPlain)) return value
  return isTexts ? asTexts(value) : `{${value.map(asElement).join(',')}}`
}

const isPlain = (value: unknown): value is Element => value === null || typeof value === 'string' || typeof value === 'number'

const control = /[\u0000-\u001f]/

/** What stands in a list: of the escapes of JSON, PostgreSQL reads those of quotes and backslashes alike, and none of the others. */
function asElement(value: Element): string {
  if (typeof value !== 'string') return value === null ? 'NULL' : String(value)
  const isAlike = !control.test(value) && value.isWellFormed()
  return isAlike ? JSON.stringify(value) : `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** The number under which PostgreSQL knows its type `text`. */
const textType = 25
const headBytes = 20

/** A list of texts as PostgreSQL sends it itself (`array_send`): dimensions, whether there are nulls, the type, how many from which number on; each with its length before it. */
function asTexts(values: readonly Element[]): Buffer {
  const texts = values.map((value) => (value === null ? null : String(value)))
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + 4 + (text === null ? 0 : Buffer.byteLength(text)), headBytes))
  bytes.writeInt32BE(texts.length === 0 ? 0 : 1, 0)
  bytes.writeInt32BE(texts.includes(null) ? 1 : 0, 4)
  bytes.writeInt32BE(textType, 8)
  bytes.writeInt32BE(texts.length, 12)
  bytes.writeInt32BE(1, 16)
  let at = headBytes
  for (const text of texts) {
    const length = text === null ? -1 : bytes.write(text, at + 4)
    bytes.writeInt32BE(length, at)
    at += 4 + Math.max(length, 0)
  }
  // Of a list without elements there is nothing behind its type.
  return texts.length === 0 ? bytes.subarray(0, 12) : bytes
}
