// The commitment to a text that lies beside an entry: whoever has the salt and the text can show that they are the ones; without the salt it tells nothing.
import type { Sha256 } from './ports.ts'

/** SHA-256 over salt, a zero byte and the text, in lower-case hexadecimal; the salt as it is written (base64url). Entry schema v1, "Texts beside it". */
export function commitText(sha256: Sha256, salt: string, content: string): string {
  const digest = sha256(new TextEncoder().encode(`${salt}\0${content}`))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
