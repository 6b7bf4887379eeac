// Which addresses calls may reach. A name's addresses are chosen by whoever runs its DNS, so each one is judged on its bytes: for IPv6 only what
// is known to be global passes, for IPv4 what IANA's special-purpose registry (RFC 6890) and clouds use inside of networks does not.
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** What an address is to the broker: this machine, the public internet, or neither. */
export type AddressKind = 'loopback' | 'public' | 'refused'

const special4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this network, and "unspecified", which connects to loopback
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by carriers; a cloud's metadata service
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // a cloud's platform channel, in public space
  ['169.254.0.0', 16], // link-local; most clouds' metadata services
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments; a cloud's metadata service
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
]

// Inside of 2000::/3, these are no plain hosts or carry an IPv4 address that was not judged.
const special6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // protocol assignments, Teredo among them
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
]

function listOf(family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family)
  return list
}

const loopback4 = listOf('ipv4', [['127.0.0.0', 8]])
const refused4 = listOf('ipv4', special4)
const loopback6 = listOf('ipv6', [['::1', 128]])
// Everything else (mapped IPv4, NAT64, unique local, link-local, multicast, unspecified) lies outside of global unicast.
const global6 = listOf('ipv6', [['2000::', 3]])
const refused6 = listOf('ipv6', special6)

/** Judges an address in its text form, without brackets. What is no address, or names a zone, is refused. */
export function kindOfAddress(address: string): AddressKind {
  if (isIPv4(address)) {
    if (loopback4.check(address, 'ipv4')) return 'loopback'
    return refused4.check(address, 'ipv4') ? 'refused' : 'public'
  }
  if (!isIPv6(address) || address.includes('%')) return 'refused'
  // A mapped address is judged as IPv4 by some stacks and lists; it is nobody's honest answer to a name.
  if (isMapped(address)) return 'refused'
  if (loopback6.check(address, 'ipv6')) return 'loopback'
  return global6.check(address, 'ipv6') && !refused6.check(address, 'ipv6') ? 'public' : 'refused'
}

function isMapped(address: string): boolean {
  return new URL(`http://[${address}]/`).hostname.startsWith('[::ffff:')
}

/** Whether a call may connect to this address: only loopback where the connection was declared to live on this machine, only public otherwise. */
export function mayConnect(address: string, loopback: boolean): boolean {
  return kindOfAddress(address) === (loopback ? 'loopback' : 'public')
}
