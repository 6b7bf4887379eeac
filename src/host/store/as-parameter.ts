// Values on their way to PostgreSQL. They may be attacker-controlled: what stands in a list is escaped, and never text of a statement.

/** A value as it is sent. Lists of texts are written here: `pg` looks through each text twice for what has to be escaped. */
export function asParameter(value: unknown): unknown {
  return Array.isArray(value) && value.every(isPlain) ? `{${value.map(asElement).join(',')}}` : value
}

const isPlain = (value: unknown): value is string | number | null =>
  value === null || typeof value === 'string' || typeof value === 'number'

const control = /[\u0000-\u001f]/

/** What stands in a list: of the escapes of JSON, PostgreSQL reads those of quotes and backslashes alike, and none of the others. */
function asElement(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? 'NULL' : String(value)
  const isAlike = !control.test(value) && value.isWellFormed()
  return isAlike ? JSON.stringify(value) : `"${value.replace(/["\\]/g, '\\$&')}"`
}
