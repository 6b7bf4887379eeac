import assert from 'node:assert/strict'
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { base64, type Json, utf8 } from '../../kernel/index.ts'
import { previewOf } from './finding.ts'
import { scanBytes, scanJson, scanText } from './index.ts'
import { isPassword } from './judge-value.ts'
import { snakeName } from './match-named.ts'
import { maker, randomBase64, sets } from './rule-cases.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const ports = { sha256 }
const make = maker(2026)
const rulesIn = (text: string) => scanText('a', text, ports).findings.map((finding) => finding.rule)
const reference = `\${${'TOKEN'}}`

describe('a finding', () => {
  it('tells the place by line and column, and says nothing of the secret but its beginning', () => {
    const token = make.checked('ghp')
    const [finding] = scanText('twins/a.yaml', `a: 1\r\nb:\n  c: ${token} # x\n`, ports).findings
    const fingerprint = createHash('sha256').update(token).digest('hex').slice(0, 8)
    const place = { file: 'twins/a.yaml', line: 3, column: 6 }
    assert.deepEqual(finding, { rule: 'github-token', title: 'GitHub token', place, preview: 'ghp…40', fingerprint })
  })

  it('carries the fingerprint of the caller, the same for the same secret everywhere', () => {
    const keyed = { sha256, fingerprint: (secret: Uint8Array) => createHmac('sha256', 'k').update(secret).digest('base64url') }
    const password = make.password()
    const [first, second] = scanText('a', `password: ${password}\ndb_password="${password}"`, keyed).findings
    assert.equal(first?.fingerprint, createHmac('sha256', 'k').update(password).digest('base64url'))
    assert.equal(second?.fingerprint, first?.fingerprint)
  })

  it('never shows more than three characters in a row of what was found', () => {
    const contexts = ['password: "', 'mqtts://plant:', 'api_key = "', 'Authorization: Bearer ', '{"client_secret":"']
    let found = 0
    for (let seed = 1; seed <= 400; seed++) {
      const one = maker(seed * 31_337)
      const secret = one.of(sets.base62, 8 + (seed % 60)) + one.of('0123456789', 2) + one.of(sets.letters, 2)
      const text = `${contexts[seed % contexts.length]}${secret}@host"`
      for (const finding of scanText('a', text, ports).findings) {
        found++
        for (let at = 0; at + 4 <= secret.length; at++) assert.ok(!JSON.stringify(finding.preview).includes(secret.slice(at, at + 4)), text)
        assert.ok(!JSON.stringify(finding).includes(secret))
      }
    }
    assert.ok(found > 300, `only ${found} of 400 were found`)
  })

  it('shows less of a short secret, no control characters, and lengths without digits of their own', () => {
    assert.equal(previewOf('abc'), '…3')
    assert.equal(previewOf('abcdefgh'), 'ab…8')
    assert.equal(previewOf('a\n\u202ebcdefghijkl'), 'a··…14')
    assert.equal(previewOf('x'.repeat(1704)), 'xxx…2k')
  })

  it('is told once where two rules fit, by the one that says more', () => {
    assert.deepEqual(rulesIn(`token: ${make.checked('npm')}`), ['npm-token'])
    assert.deepEqual(rulesIn(`Authorization: Bearer ${make.jwt({ sub: 'spiffe://a/b' })}`), ['jwt-svid'])
    assert.deepEqual(rulesIn(`secret: "AccountName=a;AccountKey=${randomBase64(make, 64)}"`), ['azure-storage-key'])
  })
})

describe('what twins are full of is not found:', () => {
  const clean: Record<string, () => string> = {
    digests: () => ['md5', 'sha1', 'sha256', 'sha512'].map((name) => `${name}: ${createHash(name).update('a').digest('hex')}`).join('\n'),
    'digests behind names that hold secret words': () =>
      `token_digest: sha256:${make.of(sets.hex, 64)}\npassword_hash: ${make.of(sets.hex, 64)}`,
    UUIDs: () => Array.from({ length: 50 }, () => `id: ${randomUUID()}\ntoken: ${randomUUID()}`).join('\n'),
    'base64 of sensors': () =>
      Array.from({ length: 60 }, () => `{"frame":"${randomBase64(make, 600)}","lidar":"${make.of(sets.url, 800)}"}`).join('\n'),
    'lock files': () => `"integrity": "sha512-${randomBase64(make, 64)}", "resolved": "https://registry.example/a/-/a-1.0.0.tgz"`,
    'references of every kind': () =>
      [
        reference,
        '{{ secret }}',
        '<password>',
        '%DB_PASSWORD%',
        '$DB_PASSWORD',
        'vault:kv/plant#pw1',
        'op://plant/mqtt/password1',
        '!vault',
        '*shared',
      ]
        .map((value) => `password: ${value}\n"api_key": "${value}"`)
        .join('\n'),
    'references in other notations': () =>
      [
        'arn:aws:secretsmanager:eu:1:secret:a-Xy12',
        'ssm:/plant/a/pw1',
        'env:MQTT_PASSWORD1',
        'process.env.TOKEN1',
        'ENC[AES256_GCM,data:Tr7+1A==]',
      ]
        .map((value) => `mqtt_password: "${value}"\ntoken = "${value}"`)
        .join('\n'),
    'documented example keys': () =>
      `aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`,
    keybindings: () => '[{ "key": "ctrl+shift+p", "command": "palette" }, { "key": "cmd+k cmd+s", "when": "editorFocus && !token1" }]',
    'names that only hold a secret word': () =>
      'tokenizer: bpe-v2-large-1024\nmax_tokens: 4096\ntoken_url: https://idp.example/token\npassword_min_length: 12\nsecret_name: plant-a-9f8e7d6c5b4a',
    'code that handles secrets': () =>
      'const token = await response.json()\nthis.password = options.password\nif (password == null) throw e\npassword?: string\nself.api_key = config.api_key2\ntoken := r.Header.Get("X-Auth-Token")',
    'schemas that describe secrets': () =>
      '{"password":{"type":"string","minLength":12},"api_key":{"$ref":"#/defs/key1"},"token":null,"secret":true}',
    'Kubernetes references': () => '- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: { name: db, key: password-2024 }',
    'paths to secrets': () => 'password_file: /run/secrets/db1\nsecret: /run/secrets/plant-a/db_password1\nprivate_key: ./keys/plant1.pem',
    'prose about secrets': () => 'The password: it should be changed. Your token = the thing which you received. Secret: nobody knows.',
    'addresses with ports, queries and mail': () =>
      'https://host:8080/?a=b:c@d mailto:x@example.com http://[::1]:80/@a:b https://h?x=a:b@c http://h:80#a@b git@github.com:a/b',
    'a public key and a certificate': () =>
      `-----BEGIN PUBLIC KEY-----\n${randomBase64(make, 91)}\n-----END PUBLIC KEY-----\nssh-ed25519 ${randomBase64(make, 51)}`,
  }
  for (const [title, text] of Object.entries(clean)) it(title, () => assert.deepEqual(scanText('a', text(), ports).findings, []))

  it('2,000 lines of telemetry', () => {
    const lines = Array.from({ length: 2000 }, (_, at) =>
      JSON.stringify({
        at,
        id: randomUUID(),
        hash: make.of(sets.hex, 64),
        blob: make.of(sets.base64, 120),
        arn: `arn:aws:iot:eu:1:thing/${at}`,
      }),
    )
    assert.deepEqual(scanText('a', lines.join('\n'), ports).findings, [])
  })
})

describe('names are read in every notation:', () => {
  const password = make.password()
  const notations = {
    YAML: `  db-password: ${password}`,
    'YAML, quoted': `dbPassword: '${password}' # old`,
    JSON: `{"db_password":"${password}"}`,
    'JSON inside of JSON': `{"config":"{\\"db_password\\":\\"${password}\\"}"}`,
    TOML: `db.password = "${password}"`,
    properties: `spring.datasource.password=${password}`,
    environment: `export DB_PASSWORD_PROD=${password}`,
    'a list of environment variables': `- name: DB_PASSWORD\n  value: ${password}`,
    'the same list in JSON': `{"name": "DB_PASSWORD", "value": "${password}"}`,
    XML: `<UserIdentity><Password>${password}</Password></UserIdentity>`,
    'an XML attribute': `<connection user="a" password="${password}"/>`,
    'XML settings': `<add key="DbPassword" value="${password}"/>`,
    'a connection string': `Server=h;Database=d;User Id=u;Password=${password};Encrypt=true`,
    'a command line': `tool --db-password ${password} --verbose`,
    'source code': `client.password = \`${password}\``,
    Ruby: `:password => "${password}"`,
    Go: `password := "${password}"`,
  }
  for (const [title, text] of Object.entries(notations)) {
    it(title, () => {
      const [finding, ...more] = scanText('a', text, ports).findings
      assert.deepEqual([finding?.rule, finding?.preview, more.length], ['password', previewOf(password), 0])
    })
  }

  it('camel case, kebab case, dots and capitals are one name', () => {
    for (const name of ['dbPassword', 'db-password', 'DB_PASSWORD', 'db.password', '--db-password', 'dbPassword_prod', 'DB_PASSWORD_2']) {
      assert.equal(snakeName(name), 'db_password')
    }
  })

  it('words and short values are no passwords', () => {
    for (const value of [
      '',
      'abc',
      'password',
      'Password1',
      'operator',
      'plant-a',
      'guest',
      '123456',
      'aaaaaaaa1',
      'plant/opcua-v2',
      'has space 12#',
    ]) {
      assert.equal(isPassword(value), false, value)
    }
  })
})

describe('a JSON value', () => {
  const password = make.password()

  it('is scanned in its texts and its names, and the pointer says where', () => {
    const value: Json = {
      connections: [{ url: 'https://a' }, { 'a/b~c': { mqttPassword: password } }],
      note: `first\nsecond ${make.checked('ghp')}`,
    }
    const { findings, truncated } = scanJson('manifest', value, ports)
    assert.equal(truncated, false)
    assert.deepEqual(
      findings.map(({ rule, place }) => [rule, place]),
      [
        ['mqtt-password', { file: 'manifest', line: 1, column: 1, pointer: '/connections/1/a~1b~0c/mqttPassword' }],
        ['github-token', { file: 'manifest', line: 2, column: 8, pointer: '/note' }],
      ],
    )
  })

  it('does not give a secret away that is a name, not even in the pointers below it', () => {
    const token = make.checked('ghp')
    const { findings } = scanJson('a', { tokens: { [token]: { password } } }, ports)
    assert.deepEqual(
      findings.map(({ place }) => place.pointer),
      ['/tokens', '/tokens/ghp…40/password'],
    )
    assert.ok(!JSON.stringify(findings).includes(token.slice(4)))
  })

  it('is read whole where a text holds quotes', () => {
    const [finding] = scanJson('a', { password: `${password}"'x` }, ports).findings
    assert.equal(finding?.preview, previewOf(`${password}"'x`))
  })

  it('is found in pairs of name and value, and in private keys', () => {
    assert.equal(scanJson('a', [{ name: 'DB_PASSWORD', value: password }], ports).findings[0]?.place.pointer, '/0/value')
    const jwk = { kty: 'EC', crv: 'P-256', x: make.of(sets.url, 43), y: make.of(sets.url, 43), d: make.of(sets.url, 43) }
    assert.deepEqual(
      scanJson('a', jwk, ports).findings.map(({ rule, place }) => [rule, place.pointer]),
      [['private-jwk', '/d']],
    )
  })

  it('may be a text, a number or nothing', () => {
    assert.equal(scanJson('a', `x ${make.checked('npm')}`, ports).findings[0]?.place.pointer, '')
    for (const value of [1, null, true, '', [], {}]) assert.deepEqual(scanJson('a', value, ports).findings, [])
  })

  it('beyond a limit is said to be truncated', () => {
    const deep = Array.from({ length: 100 }).reduce<Json>((inner) => [inner], { password })
    assert.equal(scanJson('a', deep, ports).truncated, 'depth')
    assert.equal(scanJson('a', [1, 2, 3, 4], ports, { valuesMax: 3 }).truncated, 'values')
    assert.equal(scanJson('a', ['aaaa', 'bbbb'], ports, { bytesMax: 6 }).truncated, 'bytes')
    const many = scanJson('a', [{ password }, { password }, { password }], ports, { findingsMax: 2 })
    assert.deepEqual([many.findings.length, many.truncated], [2, 'findings'])
  })
})

describe('a file', () => {
  const password = make.password()

  it('is scanned as UTF-8, as UTF-16 with its mark, and between bytes that are no text', () => {
    const text = `password: ${password}\n`
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    const mixed = Buffer.concat([Buffer.from([0xff, 0x00, 0xc3, 0x28]), Buffer.from(`\n${text}`), Buffer.from([0x80, 0x00])])
    for (const bytes of [utf8(text), utf16, Buffer.from(utf16).swap16(), mixed]) {
      assert.deepEqual(
        scanBytes('a', bytes, ports).findings.map(({ rule, preview }) => [rule, preview]),
        [['password', previewOf(password)]],
      )
    }
  })

  it('of JSON is scanned behind its escapes as well, and each secret is told once', () => {
    const escaped = [...password].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
    const [finding, ...more] = scanBytes('a.json', utf8(`{"password":"${escaped}"}`), ports).findings
    assert.deepEqual([finding?.place.pointer, more.length], ['/password', 0])
    assert.equal(scanBytes('a.json', utf8(`{"password":"${password}"}`), ports).findings.length, 1)
  })

  it('beyond a limit is said to be truncated, and what was looked at is told', () => {
    const bytes = utf8(`password: ${password}\n${'x'.repeat(1000)}\npassword: ${password}`)
    const scan = scanBytes('a', bytes, ports, { bytesMax: 500 })
    assert.deepEqual([scan.findings.length, scan.truncated], [1, 'bytes'])
    assert.equal(scanBytes('a', bytes, ports, { findingsMax: 1 }).truncated, 'findings')
    assert.equal(scanBytes('a', bytes, ports).truncated, false)
    assert.equal(scanText('a', 'x'.repeat(11), ports, { bytesMax: 10 }).truncated, 'bytes')
  })

  it('with letters that grow when they are made small is still told by its place', () => {
    const [finding] = scanText('a', `${'İ'.repeat(60)}\nİİ PASSWORD: ${password}`, ports).findings
    assert.deepEqual([finding?.place.line, finding?.place.column, finding?.preview], [2, 14, previewOf(password)])
  })
})

describe('200 kB that are made to keep the scan busy', () => {
  const size = 200_000
  const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size)
  const hostile: Record<string, string> = {
    'one letter': fill('a'),
    'beginnings of tokens': fill('eyJ'),
    'beginnings of tokens, apart': fill('eyJ '),
    'beginnings of tokens with dots': fill('eyJaaaaaaaa.'),
    'beginnings of keys': fill('-----BEGIN '),
    'headers of keys without an end': fill('-----BEGIN RSA PRIVATE KEY-----\nA-b: c\n'),
    'headers inside of headers': `-----BEGIN PRIVATE KEY-----\n${fill('Aaa: Aaa: ')}`,
    schemes: fill('a://'),
    'users without hosts': fill('http://a:b'),
    'one long authority': `http://a:${fill('b@')}`,
    'names without values': fill('password'),
    'names and signs': fill('pwd='),
    'names and open quotes': fill('token:"'),
    'names and spaces': fill(`token${' '.repeat(15)}`),
    'names and line ends': fill('token\n\n\n\n\n\n\n\n'),
    'wrapped keys': fill('LS0tLS1CRUdJTi'),
    seeds: fill('SUAAAAAA '),
    bearers: fill('bearer '),
    machines: fill('machine '),
    signatures: fill('?sig='),
    'key members': fill('"d":"'),
    'one long run of base64': base64(new Uint8Array(size * 0.75).fill(27)),
    'every beginning': fill('ghp_ npm_ AKIA eyJ xoxb- sk_live_ hvs. SharedAccessKey= AccountKey= sig= Q~ whsec_ Token basic auth '),
    'passwords that are found': fill('password: Gx7!kfQ2 '),
    'tokens that are found, near nothing': fill('SharedAccessKey=q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA= '),
  }
  for (const [title, text] of Object.entries(hostile)) {
    it(`${title}: the work stays below 400 looks per character`, () => {
      const { steps } = scanText('a', text, ports, { findingsMax: 100_000 })
      assert.ok(steps < 400 * text.length, `${(steps / text.length).toFixed(1)} looks per character`)
    })

    it(`${title}: twice the text is twice the work`, () => {
      const once = scanText('a', text, ports, { findingsMax: 100_000 }).steps
      const twice = scanText('a', `${text}\n${text}`, ports, { findingsMax: 100_000 }).steps
      assert.ok(twice < 2.2 * once, `${twice / once}`)
    })
  }
})
