// What a device calls itself, in the few words that tell one's devices apart: program and system, no versions. The header is the caller's own word, and kept as
// little more than that.

const programs: readonly (readonly [RegExp, string])[] = [
  [/^twinlock\//i, 'Twinlock command line'],
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

const headerBytesMax = 500

/** The words for a `User-Agent` header (RFC 9110 section 10.1.5); empty where it says nothing that is known. */
export function deviceName(header: string | undefined): string {
  const text = (header ?? '').slice(0, headerBytesMax)
  const named = (list: readonly (readonly [RegExp, string])[]) => list.find(([pattern]) => pattern.test(text))?.[1]
  const [program, system] = [named(programs), named(systems)]
  return program !== undefined && system !== undefined ? `${program} on ${system}` : (program ?? system ?? '')
}
