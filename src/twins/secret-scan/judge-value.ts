// Is this text a secret, or only where one would stand? References (`${VAR}`, `{{ secret }}`), placeholders, documented examples, digests, UUIDs
// and names are not. Every test is one pass over a bounded text.

const references = [
  /\$\{|\$\(|\{\{|<%|%\(|\[\[/, // templates of every kind, anywhere in the value
  /^[%<].*[%>]$/, // %VAR%, <your password>
  /^\$[A-Za-z_]\w*$/, // $VAR
  /^!(?:vault|env|env_var|secret|secrets|include|ref|sub|getatt|importvalue|sops)$/i, // YAML tags
  /^(?:env|file|vault|ref|refs|secret|secretref|secrets|ssm|kv|gcp-sm|akv|keyvault|enc|arn|op|awssm)[:(+]/i,
  /^(?:process\.env|os\.environ|os\.getenv|getenv|import\.meta|ENC\[|@Microsoft\.KeyVault)/,
  /^[A-Za-z][A-Za-z0-9+.-]{0,15}:\/\//, // an address; credentials in it have rules of their own
  /^(?:data|var|local|module|config|settings|self|this|ctx|args|opts|options|params|props|secrets|request|response)\.[A-Za-z_]/,
]
const placeholders =
  /example|change[-_ ]?me|placeholder|your[-_]|yourpass|redacted|dummy|xxxx|\*\*\*|\.\.\.|replace|not-?a-?secret|fake|sample|insert|<|>|^(?:pass|passwd|password|passw0rd|pw|pwd|secret|token|guest|none|null|true|false|undefined)\d{0,3}$/i
// Keys that are printed in documentation for everybody: the storage emulator's account key, Stripe's test keys. AWS's say EXAMPLE themselves.
const documented = /^(?:Eby8vdM02xNOcqFl|sk_test_(?:4eC39|BQoki))/
// Twenty of one character are no chance, even in the zeros of encoded keys.
const blank = /(.)\1{19}/
const uuid = /^[{]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[}]?$/i
const digest = /^(?:sha-?(?:1|224|256|384|512)|md5|blake2b|blake3)[:=-]/i
const path = /^[.~]{0,2}\/[a-z0-9_.@-]+(?:\/[a-z0-9_.@-]+)+\/?$/
const partOfName = /^(?:[A-Za-z]+|v?\d{1,3})$/

/** Whether a value points to a secret, or stands for one, instead of being it. */
export function isReference(value: string): boolean {
  return references.some((pattern) => pattern.test(value)) || placeholders.test(value) || documented.test(value) || new Set(value).size <= 1
}

/** Whether the password of an address is a literal one; short ones count, because addresses of devices have them. */
export function isUrlPassword(password: string): boolean {
  return password.length >= 3 && !isReference(password)
}

/** Whether a token's text is a documented example or a blank to be filled in. */
export function isExample(token: string): boolean {
  const isBlank = blank.test(token) || new Set(token).size <= Math.min(8, token.length / 4)
  return isBlank || documented.test(token) || /example|xxxxx|\*\*\*|\.\.\.|placeholder|redacted|your[-_]/i.test(token)
}

/** Whether a value is a literal password: 6 characters or more of three kinds, or 8 or more of two, and not a word. */
export function isPassword(value: string): boolean {
  if (!isLiteral(value, 6) || value.length > 256) return false
  const kinds = kindsOf(value)
  return /[^A-Za-z]/.test(value) && (kinds >= 3 || (kinds === 2 && value.length >= 8)) && entropyBits(value) >= 2.3
}

/** Whether a value is a literal token: 16 characters or more, letters and digits, with the entropy of chance. */
export function isToken(value: string): boolean {
  return isLiteral(value, 16) && /\d/.test(value) && /[A-Za-z]/.test(value) && entropyBits(value) >= 3
}

/** Shannon entropy of a text, in bits per character. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

function isLiteral(value: string, lengthMin: number): boolean {
  if (value.length < lengthMin || /[\s\0]/.test(value)) return false
  return !isReference(value) && !uuid.test(value) && !digest.test(value) && !path.test(value) && !isName(value)
}

// Names of things (`plant-a/opcua-password`, `db_password_v2`), dates and versions: words and short numbers between separators.
function isName(value: string): boolean {
  return /[-_./:]/.test(value) && value.split(/[-_./:]/).every((part) => part === '' || partOfName.test(part))
}

function kindsOf(value: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length
}
