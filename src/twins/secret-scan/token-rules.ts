// The rules for texts that say by their form what they are: keys, our own tokens, clouds, headers. Order matters where two rules fit the same text:
// the earlier one names it. A pattern runs on a candidate of at most `lengthMax` characters; keep it free of ambiguity.
import { hasNkeyChecksum } from './checksums.ts'
import { jwtClaims, wrapsCredentials, wrapsPrivateKey } from './inspect-token.ts'
import { isExample, isReference, isToken, isUrlPassword } from './judge-value.ts'
import type { TokenRule } from './rule.ts'
import { serviceRules } from './service-rules.ts'

const word = 'A-Za-z0-9_'
const words = 'A-Za-z0-9_-'
const dotted = 'A-Za-z0-9_.-'
const base64 = 'A-Za-z0-9+/='
const anything = '\\s\\S'

// The subject of the token that jwt.io shows.
const documentedJwt = '1234567890'

function isSvid(token: string): boolean {
  return String(jwtClaims(token)?.sub).startsWith('spiffe://')
}

function isJwt(token: string): boolean {
  const claims = jwtClaims(token)
  return claims !== undefined && claims.sub !== documentedJwt
}

const keys: readonly TokenRule[] = [
  {
    id: 'private-key',
    title: 'PEM private key',
    anchors: ['-----BEGIN '],
    run: anything,
    lengthMax: 220,
    pattern:
      /^-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr]|[A-Z][A-Za-z-]{2,20}: [^\n\\]{0,80}(?:\n|\\n))*([A-Za-z0-9+/=]{20,})/,
  },
  {
    id: 'private-key-base64',
    title: 'PEM private key, wrapped in base64',
    anchors: ['LS0tLS1CRUdJTi'],
    run: base64,
    lengthMax: 4096,
    pattern: /^([A-Za-z0-9+/]{80,}={0,2})/,
    accept: wrapsPrivateKey,
  },
  {
    id: 'private-key-putty',
    title: 'PuTTY private key',
    anchors: ['Private-Lines: '],
    run: anything,
    lengthMax: 100,
    pattern: /^Private-Lines: \d{1,3}\r?\n([A-Za-z0-9+/=]{32,})/,
  },
  {
    id: 'private-jwk',
    title: 'Private or symmetric JSON Web Key',
    anchors: ['"d"', '"k"'],
    run: `":\\s${words}`,
    lengthMax: 2048,
    pattern: /^"[dk]"\s{0,8}:\s{0,8}"([A-Za-z0-9_-]{42,})"/,
    near: ['"kty"'],
  },
  {
    id: 'age-key',
    title: 'age secret key',
    anchors: ['AGE-SECRET-KEY-'],
    run: 'A-Z0-9-',
    lengthMax: 4096,
    pattern: /^(AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58,})$/,
  },
  {
    id: 'nats-seed',
    title: 'NATS seed',
    anchors: ['SU', 'SA', 'SO', 'SN', 'SC', 'SX'],
    run: 'A-Z2-7',
    lengthMax: 64,
    pattern: /^(S[UAONCX][A-Z2-7]{56})$/,
    accept: hasNkeyChecksum,
  },
]

const ours: readonly TokenRule[] = [
  {
    id: 'twinlock-session',
    title: 'Twinlock session',
    anchors: ['tws_org_'],
    run: dotted,
    lengthMax: 128,
    pattern: /^(tws_org_[0-9a-z]{26}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/,
  },
  {
    id: 'twinlock-link',
    title: 'Twinlock one-time link',
    anchors: ['twl_org_'],
    run: dotted,
    lengthMax: 128,
    pattern: /^(twl_org_[0-9a-z]{26}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/,
  },
  {
    id: 'jwt-svid',
    title: 'SPIFFE JWT-SVID',
    anchors: ['eyJ'],
    run: dotted,
    lengthMax: 8192,
    pattern: /^(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,})(?![A-Za-z0-9_-])/,
    accept: isSvid,
  },
  {
    id: 'jwt',
    title: 'JSON Web Token',
    anchors: ['eyJ'],
    run: dotted,
    lengthMax: 8192,
    pattern: /^(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,})(?![A-Za-z0-9_-])/,
    accept: isJwt,
  },
]

const clouds: readonly TokenRule[] = [
  {
    id: 'aws-access-key-id',
    title: 'AWS access key id',
    anchors: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    run: word,
    lengthMax: 32,
    pattern: /^(A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16})$/,
  },
  { id: 'gcp-api-key', title: 'Google API key', anchors: ['AIza'], run: words, lengthMax: 64, pattern: /^(AIza[A-Za-z0-9_-]{35})$/ },
  {
    id: 'google-oauth-secret',
    title: 'Google OAuth client secret',
    anchors: ['GOCSPX-'],
    run: words,
    lengthMax: 64,
    pattern: /^(GOCSPX-[A-Za-z0-9_-]{28})$/,
  },
  {
    id: 'azure-iot-key',
    title: 'Azure IoT connection string',
    anchors: ['sharedaccesskey='],
    anyCase: true,
    run: base64,
    lengthMax: 160,
    pattern: /^SharedAccessKey=([A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$/i,
    near: ['azure-devices', 'deviceid='],
  },
  {
    id: 'azure-shared-access-key',
    title: 'Azure shared access key',
    anchors: ['sharedaccesskey='],
    anyCase: true,
    run: base64,
    lengthMax: 160,
    pattern: /^SharedAccessKey=([A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$/i,
  },
  {
    id: 'azure-storage-key',
    title: 'Azure Storage or Cosmos account key',
    anchors: ['accountkey='],
    anyCase: true,
    run: base64,
    lengthMax: 160,
    pattern: /^AccountKey=([A-Za-z0-9+/]{86}==)$/i,
  },
  {
    id: 'azure-sas-signature',
    title: 'Azure shared access signature',
    anchors: ['sig='],
    run: 'A-Za-z0-9%+/=_-',
    lengthMax: 160,
    pattern: /^sig=([A-Za-z0-9%+/_-]{43,})={0,2}$/,
    near: ['se=', 'sharedaccesssignature'],
  },
  {
    id: 'azure-client-secret',
    title: 'Entra ID client secret',
    anchors: ['Q~'],
    lead: 4,
    run: 'A-Za-z0-9_~.-',
    lengthMax: 64,
    pattern: /^([A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34})$/,
  },
]

const headers: readonly TokenRule[] = [
  {
    id: 'influx-token-header',
    title: 'InfluxDB token in a header',
    anchors: ['Token '],
    run: `= ${words}`,
    lengthMax: 128,
    pattern: /^Token ([A-Za-z0-9_-]{86}==)(?![A-Za-z0-9_=-])/,
  },
  {
    id: 'bearer-header',
    title: 'Bearer token in a header',
    anchors: ['bearer '],
    anyCase: true,
    run: ` ~+/=${dotted}`,
    lengthMax: 1024,
    pattern: /^bearer {1,4}([A-Za-z0-9._~+/-]{20,}={0,2})(?![A-Za-z0-9._~+/=-])/i,
    accept: isToken,
  },
  {
    id: 'basic-header',
    title: 'User and password in a Basic header',
    anchors: ['basic '],
    anyCase: true,
    run: ` ${base64}`,
    lengthMax: 512,
    pattern: /^basic {1,4}([A-Za-z0-9+/]{8,}={0,2})(?![A-Za-z0-9+/=])/i,
    accept: (secret) => wrapsCredentials(secret, isUrlPassword),
  },
  {
    id: 'docker-auth',
    title: 'User and password of a container registry',
    anchors: ['"auth"'],
    run: `":\\s${base64}`,
    lengthMax: 512,
    pattern: /^"auth"\s{0,8}:\s{0,8}"([A-Za-z0-9+/]{8,}={0,2})"/,
    accept: (secret) => wrapsCredentials(secret, isUrlPassword),
  },
  {
    id: 'netrc-password',
    title: 'Password in a netrc line',
    anchors: ['machine '],
    run: '\\x20-\\x7e',
    lengthMax: 256,
    pattern: /^machine \S{1,80} login \S{1,80} password (\S{4,})/,
    accept: (secret) => !isReference(secret),
  },
]

/** Rules for texts that say by their form what they are. */
export const tokenRules: readonly TokenRule[] = [...keys, ...ours, ...clouds, ...serviceRules, ...headers].map((rule) => ({
  ...rule,
  accept: (secret: string) => !isExample(secret) && rule.accept?.(secret) !== false,
}))
