// Bytes on sockets that no client would send: shapes of request smuggling, framing that two readers read differently, decompression bombs, deep JSON, and
// 1,000 requests with some of their bytes spoilt. Whatever is refused ends its connection; nothing that hides behind it is ever answered.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { seeded } from '../harness/seeded.ts'
import { type Front, openFront } from './front.ts'
import { spoilBytes } from './hostile.ts'
import { baseSeed, inputs } from './settings.ts'
import { seedOf, shown } from './target.ts'

const auth = 'Authorization: Bearer tws_org_01j0zq7y3f8k9m2n4p5q6r7s8t.AAAA\r\n'
const json = `${auth}Content-Type: application/json\r\n`
const hidden = 'GET /problems/smuggled HTTP/1.1\r\nHost: x\r\n\r\n'

let front: Front
before(async () => {
  front = await openFront()
})
after(() => front.close())

/** Sends bytes, says that there are no more, and answers everything that came back. */
function exchange(bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(front.port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (piece: string) => {
      text += piece
    })
    // A reset is one of the ways in which the other side closes.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
    socket.end(bytes)
  })
}

const statusesOf = (text: string): number[] => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

const body = `POST /v1/twins HTTP/1.1\r\nHost: x\r\n${json}`

/** Requests whose end two readers could see in different places, with another request behind. */
const ambiguous: Readonly<Record<string, string>> = {
  'a length and chunks': `${body}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'chunks and a length': `${body}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${hidden}`,
  'two lengths': `${body}Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}${hidden}`,
  'a list of lengths': `${body}Content-Length: 2, 60\r\n\r\n{}${hidden}`,
  'a length with a sign': `${body}Content-Length: +2\r\n\r\n{}${hidden}`,
  'a negative length': `${body}Content-Length: -1\r\n\r\n{}${hidden}`,
  'a hexadecimal length': `${body}Content-Length: 0x2\r\n\r\n{}${hidden}`,
  'a length beyond all bounds': `${body}Content-Length: 99999999999999999999\r\n\r\n{}${hidden}`,
  'an unknown coding': `${body}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
  'chunks that are not last': `${body}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
  'a blank before the colon': `${body}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a folded header': `${body}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a coding behind a control character': `${body}Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a header behind a lone line feed': `${body}X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a header behind a lone carriage return': `${body}X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a zero character in a header': `${body}X: \u0000\r\n\r\n${hidden}`,
  'a chunk of a size that is no number': `${body}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${hidden}`,
  'a chunk of a size beyond all bounds': `${body}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n${hidden}`,
  'a chunk that ends elsewhere': `${body}Transfer-Encoding: chunked\r\n\r\n2\r\n{}X0\r\n\r\n${hidden}`,
  'a version that does not exist': `POST /v1/twins HTTP/9.9\r\nHost: x\r\n\r\n${hidden}`,
  'the preface of HTTP/2': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`,
  'a request line of HTTP/0.9': `GET /healthz\r\n\r\n${hidden}`,
  'no host': `GET /healthz HTTP/1.1\r\n\r\n${hidden}`,
  'a space in the path': `GET /healthz x HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`,
  'a tunnel': `CONNECT internal:80 HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`,
}

describe('a request whose end two readers could see in different places', () => {
  for (const [what, bytes] of Object.entries(ambiguous)) {
    it(`by ${what} is refused, and what hides behind it is not answered`, async () => {
      const answered = await exchange(bytes)
      const statuses = statusesOf(answered)
      assert.ok(statuses.length <= 1, `${statuses.length} answers: ${answered.slice(0, 400)}`)
      for (const status of statuses) assert.ok(status >= 400 && status < 500, `${status}`)
      assert.equal(answered.includes('smuggled'), false)
    })
  }

  it('is told from two requests in one packet, which are answered in their order', async () => {
    const answered = await exchange(`GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${hidden.replace('Host: x', 'Host: x\r\nConnection: close')}`)
    assert.deepEqual(statusesOf(answered), [200, 404])
  })
})

describe('a request that asks for something of the server', () => {
  it('that it does not know, by `Expect`, is answered like any other, with the headers of every answer', async () => {
    const answered = await exchange('GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nConnection: close\r\n\r\n')
    assert.deepEqual(statusesOf(answered), [200])
    assert.match(answered, /x-content-type-options: nosniff/)
  })

  it('by another host in its first line is answered by this one', async () => {
    const answered = await exchange('GET http://internal.example/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    assert.deepEqual(statusesOf(answered), [200])
    assert.match(answered, /\{"status":"ok"\}$/)
  })
})

describe('a body', () => {
  const send = (type: string, bytes: Uint8Array, more = ''): Promise<string> =>
    exchange(
      Buffer.concat([
        Buffer.from(
          `POST /v1/twins HTTP/1.1\r\nHost: x\r\n${auth}Content-Type: ${type}\r\n${more}Content-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`,
        ),
        bytes,
      ]),
    )

  it('that is compressed is not unpacked, however small it is', async () => {
    const bomb = Buffer.alloc(80_000_000)
    for (const [coding, bytes] of [
      ['gzip', gzipSync(bomb)],
      ['br', brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ] as const) {
      const before = process.memoryUsage().rss
      assert.deepEqual(statusesOf(await send('application/json', bytes, `Content-Encoding: ${coding}\r\n`)), [400])
      assert.ok(process.memoryUsage().rss - before < 60_000_000, 'it was unpacked')
    }
  })

  it('that is nested a hundred thousand levels deep costs nobody his stack', async () => {
    for (const open of ['[', '{"a":', '[{"a":']) {
      const deep = Buffer.from(open.repeat(100_000))
      assert.deepEqual(statusesOf(await send('application/json', deep)), [400])
    }
  })

  it('whose client goes away in the middle of it is nobody’s failure', async () => {
    await exchange(`${body}Content-Length: 500\r\n\r\n{"slug"`)
    await exchange(`${body}Transfer-Encoding: chunked\r\n\r\nff\r\n{"slug"`)
    assert.deepEqual(front.failures, [])
  })
})

describe(`a request with some of its bytes spoilt, from seed ${baseSeed}`, () => {
  const whole = Buffer.from(
    `POST /v1/runs/launch HTTP/1.1\r\nHost: x\r\n${json}Content-Length: 27\r\nConnection: close\r\n\r\n{"scenario":"x","seed":"1"}`,
  )
  const chunked = Buffer.from(
    `POST /v1/twins HTTP/1.1\r\nHost: x\r\n${json}Transfer-Encoding: chunked\r\nTrailer: x\r\n\r\n5;a=b\r\n{"a":\r\n2\r\n1}\r\n0\r\nx: y\r\n\r\n`,
  )

  it('is answered below 500 or not at all, and the server lives on', async () => {
    const wrong: string[] = []
    for (let number = 0; number < inputs.sockets && wrong.length < 3; number++) {
      const seed = seedOf(baseSeed, 'socket', number)
      const random = seeded(seed)
      const bytes = spoilBytes(random, random.pick([whole, chunked]))
      const statuses = statusesOf(await exchange(bytes))
      if (statuses.some((status) => status >= 500))
        wrong.push(`seed ${seed}: ${statuses} for ${shown(Buffer.from(bytes).toString('latin1'))}`)
    }
    assert.deepEqual(wrong, [])
    assert.deepEqual(front.failures, [])
    assert.deepEqual(statusesOf(await exchange('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')), [200])
  })
})
