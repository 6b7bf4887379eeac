// Cedar's `ipaddr`: an IPv4 or IPv6 address with a prefix length. A single address has the longest prefix; an IPv4 address is never equal to,
// nor in the range of, an IPv6 one. Source: Cedar language specification, "ipaddr extension". The text comes from policies and requests alike.
import { Fault } from './faults.ts'

const textMax = 43
const octet = /^(0|[1-9][0-9]{0,2})$/
const group = /^[0-9A-Fa-f]{1,4}$/
const prefixPattern = /^(0|[1-9][0-9]{0,2})$/

/** An address with its prefix: a range, or a single address when the prefix is as long as the address. */
export class IpRange {
  readonly typeName = 'ipaddr'
  readonly address: bigint
  /** 32 or 128. */
  readonly bits: 32 | 128
  readonly prefix: number

  constructor(address: bigint, bits: 32 | 128, prefix: number) {
    this.address = address
    this.bits = bits
    this.prefix = prefix
  }

  /** Its one text. */
  get canonical(): string {
    return `I${this.bits}:${this.address}/${this.prefix}`
  }

  /** 127.0.0.0/8 or ::1, the whole range of it. */
  get isLoopback(): boolean {
    return this.bits === 32 ? this.address >> 24n === 127n && this.prefix >= 8 : this.address === 1n && this.prefix === 128
  }

  /** 224.0.0.0/4 or ff00::/8, the whole range of it. */
  get isMulticast(): boolean {
    return this.bits === 32 ? this.address >> 28n === 14n && this.prefix >= 4 : this.address >> 120n === 255n && this.prefix >= 8
  }

  /** Whether every address of this range is in the other. */
  isInRange(other: IpRange): boolean {
    if (this.bits !== other.bits || this.prefix < other.prefix) return false
    const host = BigInt(other.bits - other.prefix)
    return this.address >> host === other.address >> host
  }
}

function parseV4(text: string): bigint | undefined {
  const octets = text.split('.')
  if (octets.length !== 4 || !octets.every((one) => octet.test(one) && Number(one) <= 255)) return undefined
  return octets.reduce((sum, one) => (sum << 8n) | BigInt(one), 0n)
}

function groups(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groups(halves[0] ?? '')
  const tail = groups(halves[1] ?? '')
  const given = head.length + tail.length
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined
  const all = [...head, ...Array.from({ length: 8 - given }, () => '0'), ...tail]
  if (!all.every((one) => group.test(one))) return undefined
  return all.reduce((sum, one) => (sum << 16n) | BigInt(`0x${one}`), 0n)
}

function parsePrefix(text: string, bits: number): number {
  const prefix = prefixPattern.test(text) ? Number(text) : Number.POSITIVE_INFINITY
  if (prefix > bits) throw new Fault('extension', 'invalid prefix length of an IP address')
  return prefix
}

/** Reads an address or a range. Throws an `extension` fault; IPv4 embedded in IPv6 is refused, and so are leading zeros. */
export function parseIp(text: string): IpRange {
  const slash = text.indexOf('/')
  const written = slash === -1 ? text : text.slice(0, slash)
  const bits = written.includes(':') ? 128 : 32
  const address = text.length > textMax ? undefined : bits === 32 ? parseV4(written) : parseV6(written)
  if (address === undefined) throw new Fault('extension', 'invalid IP address')
  return new IpRange(address, bits, slash === -1 ? bits : parsePrefix(text.slice(slash + 1), bits))
}
