// That an upstream proves who it is, always. Certificates are made here, in DER by hand (RFC 5280), so that no key is kept in the repository.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createPlainServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { SecureVersion } from 'node:tls'
import { promisify } from 'node:util'
import { fromUtf8, isCoded } from '../../kernel/index.ts'
import { createUpstream } from './create-upstream.ts'

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts)
const oid = (hexadecimal: string) => der(0x06, Buffer.from(hexadecimal, 'hex'))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const nameOf = (common: string) => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(common)))))
const timeOf = (text: string) => der(0x18, Buffer.from(text))

interface Wanted {
  readonly dns?: string
  readonly address?: readonly number[]
  readonly until?: string
}

interface Certified {
  readonly key: KeyObject
  readonly pem: string
}

/** A certificate for one name or address that its own key signed. */
function selfSigned({ dns, address, until = '20990101000000Z' }: Wanted): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alternative = dns === undefined ? der(0x87, Buffer.from(address ?? [])) : der(0x82, Buffer.from(dns))
  const names = sequence(oid('551d11'), der(0x04, sequence(alternative)))
  const authority = sequence(oid('551d13'), der(0x01, Buffer.from([255])), der(0x04, sequence(der(0x01, Buffer.from([255])))))
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    nameOf('Test authority'),
    sequence(timeOf('20200101000000Z'), timeOf(until)),
    nameOf('Test authority'),
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(names, authority)),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  const certificate = sequence(body, ecdsaWithSha256, signature)
  return { key: privateKey, pem: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n` }
}

async function serve(
  t: TestContext,
  { key, pem }: Certified,
  maxVersion: SecureVersion = 'TLSv1.3',
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = []
  const versions = maxVersion === 'TLSv1.1' ? { minVersion: 'TLSv1' as const, maxVersion, ciphers: 'ALL:@SECLEVEL=0' } : {}
  const server = createServer({ key: key.export({ format: 'pem', type: 'pkcs8' }), cert: pem, ...versions }, (request, response) => {
    heard.push(request.headers.authorization ?? '')
    response.end('hello')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  // A TCP server that listens has an address with a port.
  return { port: (server.address() as AddressInfo).port, heard }
}

const exchangeWith = (url: string) => ({
  url,
  method: 'GET',
  headers: { authorization: 'Bearer injected' },
  body: undefined,
  loopback: true,
  responseBytesMax: 1000,
  timeoutMs: 5000,
})

function clientFor(t: TestContext, authorities: readonly string[]) {
  const upstream = createUpstream({ authorities, resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
  t.after(() => upstream.close())
  return upstream
}

const unproved = (error: unknown) => isCoded(error, 'upstream_failed') && /prove who it is/.test(error.message)
const trusted = selfSigned({ dns: 'twin.example' })

test('an upstream that proves its name to a trusted authority is called, and its connection is kept', async (t) => {
  const { port, heard } = await serve(t, trusted)
  const upstream = clientFor(t, [trusted.pem])
  for (let turn = 0; turn < 2; turn++)
    assert.equal(fromUtf8((await upstream.exchange(exchangeWith(`https://twin.example:${port}/`))).body), 'hello')
  assert.deepEqual(heard, ['Bearer injected', 'Bearer injected'])
})

test('an upstream is called by its address when its certificate names that', async (t) => {
  const certified = selfSigned({ address: [127, 0, 0, 1] })
  const { port } = await serve(t, certified)
  assert.equal((await clientFor(t, [certified.pem]).exchange(exchangeWith(`https://127.0.0.1:${port}/`))).status, 200)
})

const impostors: Record<string, Certified> = {
  'that nobody trusted': selfSigned({ dns: 'twin.example' }),
  'for another name': selfSigned({ dns: 'other.example' }),
  'for a name below': selfSigned({ dns: 'a.twin.example' }),
  'that has expired': selfSigned({ dns: 'twin.example', until: '20200102000000Z' }),
}
for (const [title, certified] of Object.entries(impostors)) {
  test(`an upstream with a certificate ${title} is not told the credential`, async (t) => {
    const { port, heard } = await serve(t, certified)
    const authorities = title === 'that nobody trusted' ? [trusted.pem] : [certified.pem]
    await assert.rejects(clientFor(t, authorities).exchange(exchangeWith(`https://twin.example:${port}/`)), unproved)
    assert.deepEqual(heard, [])
  })
}

test('an upstream that speaks TLS 1.1 at most is refused', async (t) => {
  const { port, heard } = await serve(t, trusted, 'TLSv1.1')
  await assert.rejects(clientFor(t, [trusted.pem]).exchange(exchangeWith(`https://twin.example:${port}/`)), unproved)
  assert.deepEqual(heard, [])
})

test('an upstream that does not speak TLS is refused', async (t) => {
  const server = createPlainServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo // a TCP server that listens
  await assert.rejects(clientFor(t, [trusted.pem]).exchange(exchangeWith(`https://twin.example:${port}/`)), unproved)
})

test('no variable of the environment turns verification off', async (t) => {
  const { port, heard } = await serve(t, trusted)
  const script = `
    import { createUpstream } from ${JSON.stringify(new URL('create-upstream.ts', import.meta.url).href)}
    const upstream = createUpstream({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
    const exchange = { ...${JSON.stringify(exchangeWith(`https://twin.example:${port}/`))}, body: undefined }
    process.stdout.write(await upstream.exchange(exchange).then(() => 'called', (error) => error.code))
    await upstream.close()`
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script], { env })
  assert.deepEqual([stdout, heard], ['upstream_failed', []])
})
