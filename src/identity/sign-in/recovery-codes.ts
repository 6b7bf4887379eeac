// Recovery codes: what is left to somebody whose devices are gone. Written to be copied from paper: 25 characters of Crockford's base 32, 125 random bits, so that a
// hash is enough to keep of them, and nobody finds one by trying.
import { hex, type OrgId, type Ports, utf8 } from '../../kernel/index.ts'

/** How many are made at a time. */
export const recoveryCodesCount = 10

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeCharacters = 25

/** Makes one: `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`. */
export function newRecoveryCode({ random }: Pick<Ports, 'random'>): string {
  const characters = [...random.bytes(codeCharacters)].map((byte) => alphabet.charAt(byte & 31)).join('')
  return characters.replace(/.{5}(?!$)/g, '$&-')
}

/** The hash under which a code of an organization is kept; undefined for what is no code. Read as people write: o for 0, i and l for 1, in any case. */
export function hashRecoveryCode(org: OrgId, written: string, { sha256 }: Pick<Ports, 'sha256'>): string | undefined {
  const plain = written.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  if (!/^[0-9A-HJKMNP-TV-Z]{25}$/.test(plain)) return undefined
  return hex(sha256(utf8(`recovery ${org} ${plain}`)))
}
