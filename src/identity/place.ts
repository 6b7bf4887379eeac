// Where a session is used from, as coarsely as a person needs to recognize it: which kind of network, and its neighbourhood. No register of places is asked: what an
// address says by itself is all.

/** The kinds of networks that an address can be of. */
export const networks = ['this_machine', 'private_network', 'internet', 'unknown'] as const

/** A place: the kind of network, and its neighbourhood (`/24` of an IPv4 address, `/48` of an IPv6 one) where it is one of the internet or a private network. */
export interface Place {
  readonly network: (typeof networks)[number]
  readonly place: string | null
}

const nowhere: Place = { network: 'unknown', place: null }

/** Networks that are not the internet's: their first octet, and from which to which second one. RFC 1918, RFC 3927 (link-local), RFC 6598 (carriers'). */
const privateFour = [
  [10, 0, 255],
  [172, 16, 31],
  [192, 168, 168],
  [169, 254, 254],
  [100, 64, 127],
] as const

function ofFour(address: string): Place {
  const parts = address.split('.').map(Number)
  const [a = 0, b = 0, c = 0] = parts
  if (parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return nowhere
  if (a === 127) return { network: 'this_machine', place: null }
  const isPrivate = privateFour.some(([first, from, to]) => a === first && b >= from && b <= to)
  return { network: isPrivate ? 'private_network' : 'internet', place: `${a}.${b}.${c}.0/24` }
}

function ofSix(address: string): Place {
  if (address === '::1') return { network: 'this_machine', place: null }
  const first = address.split('::', 1)[0] ?? ''
  const groups = first.split(':').filter((group) => group !== '')
  if (groups.length === 0 || groups.some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return nowhere
  const head = Number.parseInt(groups[0] ?? '0', 16)
  const isPrivate = (head & 0xfe00) === 0xfc00 || (head & 0xffc0) === 0xfe80
  return { network: isPrivate ? 'private_network' : 'internet', place: `${groups.slice(0, 3).join(':')}::/48` }
}

/** The place of an address; unknown where there is none, or none that can be read. */
export function placeOf(address: string | null): Place {
  if (address === null) return nowhere
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return ofFour(plain)
  return plain.includes(':') ? ofSix(plain) : nowhere
}

const families = [
  ['Edge', /\bedg(?:e|a|ios)?\b/i],
  ['Firefox', /\bfirefox\b/i],
  ['Chrome', /\bchrom(?:e|ium)\b/i],
  ['Safari', /\bsafari\b/i],
  ['Command line', /\b(?:twinlock|cli|command line|curl)\b/i],
] as const

/** The family of a device by what it called itself: its own word, and no proof of anything. */
export function familyOf(device: string): string {
  return families.find(([, pattern]) => pattern.test(device))?.[0] ?? (device === '' ? 'Unknown' : 'Other')
}
