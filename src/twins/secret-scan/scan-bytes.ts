// Scanning a file: its text, and where it is JSON also the values in it, because escapes hide secrets from a reader of the raw text.
// The bytes are attacker-controlled. Archives and compressed files are not opened: whoever seals one has to scan what goes into it.
import type { Json } from '../../kernel/index.ts'
import type { ScanLimits, ScanPorts, SecretFinding, SecretScan } from './finding.ts'
import { scanLimits } from './finding.ts'
import { scanJson } from './scan-json.ts'
import { scanText } from './scan-text.ts'

/** Scans a file's bytes for secrets: as UTF-8, or UTF-16 where a byte order mark says so; bytes that are neither are passed over. */
export function scanBytes(name: string, bytes: Uint8Array, ports: ScanPorts, limits: Partial<ScanLimits> = {}): SecretScan {
  const { bytesMax, findingsMax } = { ...scanLimits, ...limits }
  const text = decode(bytes.subarray(0, bytesMax))
  const raw = scanText(name, text, ports, limits)
  const value = parse(text)
  const parsed = value === undefined ? undefined : scanJson(name, value, ports, limits)
  const known = new Set(raw.findings.map(identity))
  const more = (parsed?.findings ?? []).filter((finding) => !known.has(identity(finding)))
  const findings = [...raw.findings, ...more]
  const limit = bytes.length > bytesMax ? 'bytes' : raw.truncated || parsed?.truncated || false
  return {
    findings: findings.slice(0, findingsMax),
    truncated: findings.length > findingsMax ? 'findings' : limit,
    steps: raw.steps + (parsed?.steps ?? 0),
  }
}

// The same secret is told once, by its place in the file.
function identity({ fingerprint }: SecretFinding): string {
  return fingerprint
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder('utf-8').decode(bytes)
}

function parse(text: string): Json | undefined {
  if (!/^\s{0,64}[[{"]/.test(text)) return undefined
  try {
    return JSON.parse(text) as Json // what JSON.parse returns is a Json by its own grammar
  } catch {
    return undefined // not JSON: the raw text has been scanned
  }
}
