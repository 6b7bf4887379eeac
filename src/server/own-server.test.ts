// A connection that was declared to live on this machine, and leads to whatever else listens here: what trusts this machine is told that it is not who is asking.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createUpstream } from '../host/upstream/create-upstream.ts'
import { mayReadMetrics } from './metrics-page.ts'

test('a call that leads to our own server on loopback reads no metrics of everybody', async (t) => {
  const server = createServer(({ socket, headers }, response) =>
    response.end(String(mayReadMetrics({ ip: socket.remoteAddress ?? '', headers }, undefined))),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upstream = createUpstream()
  t.after(async () => {
    await upstream.close()
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` // a TCP server that listens has an address with a port
  assert.equal(await (await fetch(url)).text(), 'true', 'somebody at this machine may')
  for (const headers of [{}, { accept: 'text/plain' }]) {
    const answer = await upstream.exchange({
      url,
      method: 'GET',
      headers,
      body: undefined,
      loopback: true,
      responseBytesMax: 1000,
      timeoutMs: 5000,
    })
    assert.equal(new TextDecoder().decode(answer.body), 'false')
  }
})
