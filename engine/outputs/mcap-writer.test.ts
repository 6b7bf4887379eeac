import assert from 'node:assert/strict'
import { test } from 'node:test'
import { McapIndexedReader, McapStreamReader, type McapTypes } from '@mcap/core'
import { schemaNames, schemaText } from './foxglove-schemas.ts'
import { McapFile } from './mcap-writer.ts'
import { joinBytes } from './png.ts'

function written(messages: number, bytes: number): Uint8Array {
  const chunks: Uint8Array[] = []
  const file = new McapFile((chunk) => void chunks.push(chunk), 'test')
  file.metadata('drive', new Map([['seed', '7']]))
  const scans = file.channel('/lidar', 'foxglove.LaserScan', schemaText('foxglove.LaserScan'))
  const more = file.channel('/lidar2', 'foxglove.LaserScan', schemaText('foxglove.LaserScan'))
  const log = file.channel('/log', 'foxglove.Log', schemaText('foxglove.Log'))
  for (let i = 0; i < messages; i++) {
    const data = new Uint8Array(bytes).fill(i & 255)
    file.message([scans, more, log][i % 3] ?? scans, i * 1000, i * 1000 + 25, data)
  }
  file.end()
  return joinBytes(chunks)
}

const readable = (bytes: Uint8Array): McapTypes.IReadable => ({
  size: async () => BigInt(bytes.length),
  read: async (offset, length) => bytes.subarray(Number(offset), Number(offset + length)),
})

test('an indexed reader finds every message, in time order, with the schema that explains it', async () => {
  const bytes = written(900, 5000)
  const reader = await McapIndexedReader.Initialize({ readable: readable(bytes) })
  assert.equal(reader.statistics?.messageCount, 900n)
  assert.equal(reader.statistics?.channelCount, 3)
  assert.ok((reader.statistics?.chunkCount ?? 0) >= 4)
  assert.deepEqual(
    [...reader.schemasById.values()].map(({ name }) => name),
    ['foxglove.LaserScan', 'foxglove.Log'],
  )
  let last = -1n
  let count = 0
  for await (const message of reader.readMessages()) {
    assert.ok(message.logTime > last)
    last = message.logTime
    assert.equal(message.publishTime, message.logTime - 25n)
    assert.equal(message.data[0], count & 255)
    count++
  }
  assert.equal(count, 900)
  const only: bigint[] = []
  for await (const message of reader.readMessages({ topics: ['/log'], startTime: 500_000n })) only.push(message.logTime)
  assert.equal(only.length, 134)
  for await (const metadata of reader.readMetadata({ name: 'drive' })) assert.equal(metadata.metadata.get('seed'), '7')
})

test('a streaming reader that checks every checksum reads the file from front to back', () => {
  const reader = new McapStreamReader({ validateCrcs: true })
  reader.append(written(400, 9000))
  const counts = new Map<string, number>()
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord())
    counts.set(record.type, (counts.get(record.type) ?? 0) + 1)
  assert.equal(counts.get('Message'), 400)
  assert.equal(counts.get('DataEnd'), 1)
  assert.equal(counts.get('Footer'), 1)
  assert.ok(reader.done())
})

test('a flipped byte in a chunk is noticed by its checksum', () => {
  const bytes = written(10, 5000)
  bytes[20_000] = (bytes[20_000] ?? 0) ^ 1
  const reader = new McapStreamReader({ validateCrcs: true })
  reader.append(bytes)
  assert.throws(() => {
    for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord());
  }, /CRC/i)
})

test('the file comes in pieces while it is written, and the writer keeps no more than a chunk', () => {
  let largest = 0
  let pieces = 0
  const file = new McapFile((chunk) => {
    largest = Math.max(largest, chunk.length)
    pieces++
  }, 'test')
  const channel = file.channel('/a', 'foxglove.Log', '{}')
  for (let i = 0; i < 200; i++) file.message(channel, i, i, new Uint8Array(100_000))
  assert.ok(pieces > 20 && largest < 1_300_000, `${pieces} pieces, the largest of ${largest} bytes`)
  file.end()
})

test('a file without messages is still a whole file', async () => {
  const reader = await McapIndexedReader.Initialize({ readable: readable(written(0, 0)) })
  assert.equal(reader.statistics?.messageCount, 0n)
})

test('what cannot be written is refused with a code', () => {
  const file = new McapFile(() => undefined, 'test')
  assert.throws(() => file.message(4, 0, 0, new Uint8Array(1)), { code: 'value/missing' })
  for (let i = 0; i < 1000; i++) file.channel(`/${i}`, 'foxglove.Log', '{}')
  assert.throws(() => file.channel('/more', 'foxglove.Log', '{}'), { code: 'value/out-of-range' })
  file.end()
  assert.throws(() => file.end(), { code: 'run/ended' })
  assert.throws(() => file.message(0, 0, 0, new Uint8Array(1)), { code: 'run/ended' })
})

test('every schema is JSON with its own name', () => {
  for (const name of schemaNames) assert.equal(JSON.parse(schemaText(name)).title, name)
})
