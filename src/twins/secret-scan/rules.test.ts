// Each rule against texts that hold what it looks for (between ⟦ and ⟧, which the scan does not see) and texts that only resemble it.
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { base64, utf8 } from '../../kernel/index.ts'
import { previewOf } from './finding.ts'
import { scanText } from './index.ts'
import { type Maker, maker, randomBase64, sets } from './rule-cases.ts'
import { tokenRules } from './token-rules.ts'
import { namedRules, urlRules } from './value-rules.ts'

interface Cases {
  readonly holds: (make: Maker) => readonly string[]
  readonly resembles: (make: Maker) => readonly string[]
}

const ports = { sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest() }
const svid = (make: Maker) => make.jwt({ sub: 'spiffe://sandbox.acme/twin/a/run/b', aud: 'x', exp: 1_790_000_000 })
const jwt = (make: Maker) => make.jwt({ sub: make.of(sets.lower, 12), exp: 1_790_000_000 }, 'RS256')
const reference = '$' + '{TOKEN}'
const org = (make: Maker) => `org_${make.of(sets.lowerDigits, 26)}`
const uuid = (make: Maker) => [8, 4, 4, 4, 12].map((count) => make.of(sets.hex, count)).join('-')
const pem = (type: 'pkcs8' | 'sec1', curve = 'P-256') =>
  generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ format: 'pem', type }).toString()
const begin = (kind: string) => `-----BEGIN ${kind}-----`

/** A form of token in three surroundings, and three ways of almost being it: cut short, in the middle of a word, as an example. */
function plain(token: (make: Maker) => string, cut: number, example: string): Cases {
  return {
    holds: (make) => [`key: ⟦${token(make)}⟧`, `{"a":"⟦${token(make)}⟧"}`, `export A=⟦${token(make)}⟧; run`],
    resembles: (make) => [`a: ${token(make).slice(0, cut)}`, `a: q7${token(make)}`, `a: ${example}`],
  }
}

/** Credentials in an address of some scheme. */
function address(scheme: string, otherScheme: string): Cases {
  return {
    holds: (make) => [
      `${scheme}://plant:⟦${make.password()}⟧@10.0.0.4:1883/a`,
      `"url": "${scheme}://a.b:⟦${make.of(sets.lower, 4)}⟧@host.internal"`,
      `--broker=${scheme}://u:⟦%21${make.of(sets.base62, 9)}⟧@[fe80::1]/`,
    ],
    resembles: (make) => [
      `${scheme}://host.internal:1883/a@b:c`,
      `${scheme}://user:\${PASSWORD}@host and ${scheme}://user:<password>@host`,
      `${scheme}://user:password@host, ${scheme}://user@host:80, ${otherScheme}:// ${scheme}://${make.of(sets.lower, 8)}:@h`,
    ],
  }
}

/** A literal behind a name. */
function named(names: readonly [string, string, string], value: (make: Maker) => string, context = ''): Cases {
  return {
    holds: (make) => [
      `${context}\n  ${names[0]}: ⟦${value(make)}⟧\n`,
      `${context} "${names[1]}" : "⟦${value(make)}⟧",`,
      `${context}\nexport ${names[2]}='⟦${value(make)}⟧'`,
    ],
    resembles: (make) => [
      `${context} ${names[0]}: \${SECRET} ${names[0]}: {{ vault.secret }} ${names[1]}: <your value> ${names[2]}=$VALUE`,
      `${context} ${names[0]}: ${uuid(make)}\n${names[1]}: "changeme-${make.of(sets.digits, 4)}" ${names[2]}: sha256:${make.of(sets.hex, 64)}`,
      `${context} ${names[0]}_policy: ${make.of(sets.base62, 24)}1a\n ${names[1]}: prod/plant-a/opcua\n${names[2]}: string`,
    ],
  }
}

const cases: Readonly<Record<string, Cases>> = {
  'private-key': {
    holds: () => [
      pem('pkcs8').replace('-\nM', '-\n⟦M'),
      `  key: |\n${pem('sec1').replaceAll(/^/gm, '    ').replace('-\n    M', '-\n    ⟦M')}`,
      JSON.stringify({ key: pem('pkcs8', 'P-384') }).replace('-\\nM', '-\\n⟦M'),
      `${begin('RSA PRIVATE KEY')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n⟦${randomBase64(maker(5), 48)}`,
      `${begin('PGP PRIVATE KEY BLOCK')}\nVersion: 1\n\n⟦${randomBase64(maker(6), 48)}`,
      `${begin('OPENSSH PRIVATE KEY')}\r\n⟦${randomBase64(maker(7), 51)}`,
    ],
    resembles: (make) => [
      `${begin('PUBLIC KEY')}\n${randomBase64(make, 48)}`,
      `${begin('CERTIFICATE')}\n${randomBase64(make, 48)}`,
      `${begin('PRIVATE KEY')}\n...\n-----END PRIVATE KEY-----`,
      `${begin('PRIVATE KEY')}\n<your key>`,
    ],
  },
  'private-key-base64': {
    holds: () => [
      `client-key-data: ⟦${base64(utf8(pem('pkcs8')))}⟧`,
      `{"k8s":"⟦${base64(utf8(pem('sec1')))}⟧"}`,
      `KEY=⟦${base64(utf8(pem('pkcs8', 'P-384')))}⟧\n`,
    ],
    resembles: (make) => [
      `certificate-authority-data: ${base64(utf8(`${begin('CERTIFICATE')}\n${randomBase64(make, 90)}`))}`,
      `data: ${base64(utf8(`${begin('PUBLIC KEY')}\n${randomBase64(make, 90)}`))}`,
      `data: ${base64(utf8(begin('PRIVATE KEY')))}`,
    ],
  },
  'private-key-putty': {
    holds: (make) => [32, 48, 60].map((count) => `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n⟦${randomBase64(make, count)}⟧\n`),
    resembles: (make) => [
      'Private-Lines: 1\nabc',
      `Public-Lines: 3\n${randomBase64(make, 48)}`,
      `Private-Lines: x\n${randomBase64(make, 48)}`,
    ],
  },
  'private-jwk': {
    holds: (make) => [
      `{"kty":"EC","crv":"P-256","d":"⟦${make.of(sets.url, 43)}⟧"}`,
      `{"d" : "⟦${make.of(sets.url, 342)}⟧", "e":"AQAB", "kty":"RSA"}`,
      `{"kty":"oct","k":"⟦${make.of(sets.url, 43)}⟧"}`,
    ],
    resembles: (make) => [
      `{"kty":"EC","x":"${make.of(sets.url, 43)}","y":"${make.of(sets.url, 43)}"}`,
      `{"d":"${make.of(sets.url, 43)}"}`,
      `{"kty":"EC","d":"${make.of(sets.url, 20)}"}`,
    ],
  },
  'age-key': plain((make) => `AGE-SECRET-KEY-1${make.of(sets.bech32, 58)}`, 60, `AGE-SECRET-KEY-1${'Q'.repeat(58)}`),
  'nats-seed': plain((make) => make.nkey('UAONCX'.charAt((make.bytes(1)[0] ?? 0) % 6)), 40, `SU${maker(8).of(sets.base32, 56)}`),
  'twinlock-session': plain((make) => `tws_${org(make)}.${make.of(sets.url, 43)}`, 50, `tws_org_${'0'.repeat(26)}.<random>`),
  'twinlock-link': plain((make) => `twl_${org(make)}.${make.of(sets.url, 43)}`, 50, `twl_org_${'0'.repeat(26)}.${'x'.repeat(43)}`),
  'jwt-svid': plain(svid, 60, svid(maker(1)).split('.').slice(0, 2).join('.')),
  jwt: plain(jwt, 60, `eyJ${maker(2).of(sets.url, 20)}.eyJ${maker(3).of(sets.url, 20)}.${maker(4).of(sets.url, 43)}`),
  'aws-access-key-id': plain((make) => `${'AK'}IA${make.of(sets.base32, 16)}`, 15, 'AKIAIOSFODNN7EXAMPLE'),
  'gcp-api-key': plain((make) => `${'AI'}za${make.of(sets.url, 34)}a`, 30, `${'AI'}zaExample${'x'.repeat(28)}`),
  'google-oauth-secret': plain((make) => `${'GOC'}SPX-${make.of(sets.url, 27)}a`, 20, `GOCSPX-${'x'.repeat(28)}`),
  'azure-iot-key': {
    holds: (make) => [
      `HostName=hub.azure-devices.net;DeviceId=d1;SharedAccessKey=⟦${randomBase64(make, 32)}⟧`,
      `HostName=h.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey=⟦${randomBase64(make, 32)}⟧\n`,
      `"cs":"hostname=h.azure-devices.net;deviceid=d;sharedaccesskey=⟦${randomBase64(make, 64)}⟧"`,
    ],
    resembles: (make) => [
      'HostName=hub.azure-devices.net;DeviceId=d1;SharedAccessKey=<key>',
      `HostName=hub.azure-devices.net;SharedAccessKey=${make.of(sets.lower, 12)}`,
      `HostName=hub.azure-devices.net;SharedAccessKeyName=${make.of(sets.lower, 12)}`,
    ],
  },
  'azure-shared-access-key': {
    holds: (make) =>
      ['sb', 'amqps', 'https'].map(
        (scheme) => `Endpoint=${scheme}://a.example.net/;SharedAccessKeyName=n;SharedAccessKey=⟦${randomBase64(make, 32)}⟧`,
      ),
    resembles: (make) => ['SharedAccessKey=...', `SharedAccessKey=${make.of(sets.hex, 12)}`, `SharedAccessKey=${'x'.repeat(43)}=`],
  },
  'azure-storage-key': {
    holds: (make) =>
      ['DefaultEndpointsProtocol=https;AccountName=a;', 'AccountEndpoint=https://a.documents.azure.com:443/;', 'accountname=a;'].map(
        (before) => `${before}AccountKey=⟦${randomBase64(make, 64)}⟧;`,
      ),
    resembles: (make) => [
      `AccountKey=Eby8vdM02xNOcqFl${make.of(sets.base64, 70)}==`,
      `AccountKey=${randomBase64(make, 8)}`,
      `AccountName=devstoreaccount1;AccountKey=${reference}`,
    ],
  },
  'azure-sas-signature': {
    holds: (make) => [
      `https://a.blob.core.windows.net/c?sv=2024-01-01&se=2030-01-01&sig=⟦${make.of(sets.base62, 43)}%3D⟧`,
      `SharedAccessSignature sr=h&sig=⟦${make.of(sets.base62, 44)}%3d⟧&se=1790000000`,
      `?se=2030-01-01&sp=r&sig=⟦${make.of(sets.base62, 43)}%3D⟧&sv=2`,
    ],
    resembles: (make) => [
      `sig=${make.of(sets.base62, 44)}`,
      `?se=1&sig=${make.of(sets.base62, 20)}`,
      `?se=1&orig=${make.of(sets.base62, 44)}&design=1`,
    ],
  },
  'azure-client-secret': plain(
    (make) => `${make.of(sets.base62, 3)}8Q~${make.of(sets.base62, 33)}a`,
    20,
    'Q~ and xxx8Q~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  ),
  'github-token': plain((make) => make.checked('ghp'), 39, `ghp_${maker(9).of(sets.base62, 36)}`),
  'github-fine-grained-token': plain(
    (make) => `github_pat_${make.of(sets.base62, 22)}_${make.of(sets.base62, 59)}`,
    90,
    `github_pat_${'x'.repeat(22)}_${'x'.repeat(59)}`,
  ),
  'gitlab-token': plain((make) => `glpat-${make.of(sets.url, 19)}a`, 22, 'glpat-your-token-goes-here-ok'),
  'npm-token': plain((make) => make.checked('npm'), 39, `npm_${maker(9).of(sets.base62, 36)}`),
  'pypi-token': plain((make) => `pypi-AgEIcHlwaS5vcmc${make.of(sets.url, 79)}a`, 60, 'pypi-AgEIcHlwaS5vcmc...'),
  'docker-token': plain((make) => `dckr_pat_${make.of(sets.url, 26)}a`, 30, 'dckr_pat_your-token-goes-here-xxxxx'),
  'slack-token': plain(
    (make) => `xoxb-${make.of(sets.digits, 11)}-${make.of(sets.digits, 12)}-${make.of(sets.base62, 24)}`,
    20,
    'xoxb-your-bot-token-comes-here',
  ),
  'slack-webhook': {
    holds: (make) =>
      [8, 9, 11].map(
        (count) =>
          `https://hooks.slack.com/services/⟦T${make.of(sets.upperDigits, count)}/B${make.of(sets.upperDigits, count)}/${make.of(sets.base62, 24)}⟧`,
      ),
    resembles: () => [
      'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
      'https://hooks.slack.com/services/T1',
      'hooks.slack.com/services',
    ],
  },
  'stripe-key': plain((make) => `${'sk'}_live_${make.of(sets.base62, 24)}`, 20, `${'sk'}_test_${'4eC39'}HqLyjWDarjtT1zdp7dc`),
  'webhook-secret': plain((make) => `whsec_${make.of(sets.base62, 32)}`, 24, 'whsec_...'),
  'vault-token': plain((make) => `hvs.${make.of(sets.url, 89)}a`, 20, 'hvs.your-token-goes-here-xxxxxxx'),
  'model-provider-key': plain((make) => `sk-ant-${make.of(sets.url, 47)}a`, 30, `sk-proj-${'x'.repeat(48)}`),
  'huggingface-token': plain((make) => `hf_${make.of(sets.letters, 34)}`, 30, `hf_${'x'.repeat(34)}`),
  'nvidia-key': plain((make) => `nvapi-${make.of(sets.url, 63)}a`, 50, `nvapi-${'x'.repeat(64)}`),
  'influx-token-header': {
    holds: (make) =>
      ['Authorization: Token ', '"authorization": "Token ', "-H 'Authorization: Token "].map(
        (before) => `${before}⟦${make.of(sets.url, 86)}==⟧"`,
      ),
    resembles: (make) => ['Authorization: Token $INFLUX', `Token ${make.of(sets.url, 40)}==`, `Token ${'x'.repeat(86)}==`],
  },
  'bearer-header': {
    holds: (make) =>
      ['Authorization: Bearer ', '"authorization":"bearer ', '-H "Authorization: Bearer '].map(
        (before) => `${before}⟦${make.of(sets.base62, 39)}7⟧"`,
      ),
    resembles: (make) => [
      `Authorization: Bearer ${reference}`,
      'the bearer responsibilities-of-the-owner',
      `Bearer ${make.of(sets.base62, 10)}`,
    ],
  },
  'basic-header': {
    holds: (make) =>
      ['Authorization: Basic ', '"authorization":"basic ', '-H "Authorization: Basic '].map(
        (before) => `${before}⟦${base64(utf8(`plant:${make.password()}`))}⟧"`,
      ),
    resembles: (make) => [`Basic ${base64(utf8('user:password'))}`, 'basic understanding', `Basic ${randomBase64(make, 24)}`],
  },
  'docker-auth': {
    holds: (make) =>
      ['{"auths":{"r.example":{"auth":"', '"auth": "', '"auth" :\n"'].map(
        (before) => `${before}⟦${base64(utf8(`ci:${make.password()}`))}⟧"}`,
      ),
    resembles: (make) => ['"auth": "none"', `"auth": "${base64(utf8('user:password'))}"`, `"auth": "${randomBase64(make, 24)}"`],
  },
  'netrc-password': {
    holds: (make) => ['h', 'api.example.com', '10.0.0.1'].map((host) => `machine ${host} login ci password ⟦${make.password()}⟧\n`),
    resembles: () => ['machine learning password abc', 'machine h login ci password <password>', 'machine h login ci password $PASSWORD'],
  },
  'mqtt-url': address('mqtts', 'mqtt'),
  'amqp-url': address('amqp', 'amqps'),
  'nats-url': address('nats', 'tls'),
  'opcua-url': address('opc.tcp', 'opc.https'),
  'database-url': address('postgres', 'mongodb+srv'),
  'http-url': address('https', 'http'),
  'file-transfer-url': address('rtsp', 'sftp'),
  'other-url': address('kafka', 'coap'),
  'aws-secret-access-key': named(['aws_secret_access_key', 'SecretAccessKey', 'AWS_SECRET_KEY'], (make) => `${make.of(sets.base62, 38)}/7`),
  'aws-session-token': named(['aws_session_token', 'awsSessionToken', 'AWS_SECURITY_TOKEN'], (make) => make.of(sets.base64, 240)),
  'influx-token': named(['influx_token', 'influxToken', 'INFLUXDB_ADMIN_TOKEN'], (make) => `${make.of(sets.url, 86)}==`),
  'iot-device-key': named(['primaryKey', 'symmetric_key', 'DEVICE_KEY'], (make) => randomBase64(make, 32)),
  'ngsi-token': named(['x-auth-token', 'X-Auth-Token', 'ORION_TOKEN'], (make) => `${make.of(sets.hex, 38)}7a`, 'fiware-service: plant\n'),
  'opcua-password': named(['password', 'userPassword', 'OPC_PWD'], (make) => make.password(), 'endpoint: opc.tcp://plc.internal:4840\n'),
  'mqtt-password': named(['password', 'mqttPassword', 'BROKER_PASSWD'], (make) => make.password(), 'protocol: mqtt\n'),
  'historian-password': named(['password', 'piPassword', 'PI_PWD'], (make) => make.password(), 'source: AVEVA historian\n'),
  'wifi-key': named(['wpa_passphrase', 'wifiPassword', 'WLAN_PSK'], (make) => make.password()),
  password: named(['password', 'dbPassword', 'ADMIN_PASSWD_PROD'], (make) => make.password()),
  'secret-value': named(['client_secret', 'apiKey', 'ACCESS_TOKEN'], (make) => `${make.of(sets.base62, 30)}7a`),
}

function marked(text: string): { clean: string; start: number; end: number | undefined } {
  const start = text.indexOf('⟦')
  const end = text.indexOf('⟧')
  return { clean: text.replace('⟦', '').replace('⟧', ''), start, end: end === -1 ? undefined : end - 1 }
}

describe('every rule', () => {
  it('has cases, and every case a rule', () => {
    const ids = [...tokenRules, ...urlRules, ...namedRules].map((rule) => rule.id)
    assert.deepEqual(ids.toSorted(), Object.keys(cases).toSorted())
  })

  for (const [id, { holds, resembles }] of Object.entries(cases)) {
    it(`${id} finds what it is for, at its place, and says so itself`, () => {
      for (let seed = 1; seed <= 8; seed++) {
        const texts = holds(maker(seed * 7919))
        assert.ok(texts.length >= 3)
        for (const text of texts) {
          const { clean, start, end } = marked(text)
          const { findings } = scanText('a', clean, ports)
          assert.deepEqual(
            findings.map((finding) => finding.rule),
            [id],
            clean,
          )
          const lineStart = clean.lastIndexOf('\n', start - 1) + 1
          assert.equal(findings[0]?.place.column, start - lineStart + 1, clean)
          if (end !== undefined) assert.equal(findings[0]?.preview, previewOf(clean.slice(start, end)), clean)
        }
      }
    })

    it(`${id} leaves what only resembles it`, () => {
      for (let seed = 1; seed <= 8; seed++) {
        const texts = resembles(maker(seed * 104_729))
        assert.ok(texts.length >= 3)
        for (const text of texts) assert.deepEqual(scanText('a', text, ports).findings, [], text)
      }
    })
  }
})
