import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import { McapIndexedReader } from '@mcap/core'
import { decodePng } from './png-reading.ts'
import { digestOfFiles, recordSample } from './record-for-digest.ts'

let sharp: Awaited<ReturnType<typeof recordSample>>
before(async () => {
  sharp = await recordSample(7, true)
})

test('the same drive recorded here and in another process is the same bytes', async () => {
  const soft = await recordSample(7, false)
  const here = [digestOfFiles(sharp), digestOfFiles(soft)]
  const child = execFileSync(process.execPath, [new URL('record-for-digest.ts', import.meta.url).pathname], { encoding: 'utf8' })
  assert.deepEqual(child.trim().split(' '), here)
})

test('another seed is another recording', async () => {
  assert.notEqual(digestOfFiles(await recordSample(8, true)), digestOfFiles(sharp))
})

test('the card names every file with the digest that it has', () => {
  const card = new TextDecoder().decode(sharp.bytes('README.md'))
  for (const path of sharp.files.keys()) {
    if (path === 'README.md') continue
    const digest = createHash('sha256').update(sharp.bytes(path)).digest('hex')
    assert.ok(card.includes(`| \`${path}\` | ${sharp.bytes(path).length} | \`sha256:${digest}\` |`), path)
  }
  assert.match(card, /read noise 1\.5 of 255/)
  assert.match(card, /10 mm \+ 0\.2 % \(one sigma\)/)
})

test('the log has scene, transforms, pictures, scans, odometry and diagnostics, and says when each arrived', async () => {
  const bytes = sharp.bytes('drive.mcap')
  const reader = await McapIndexedReader.Initialize({
    readable: { size: async () => BigInt(bytes.length), read: async (at, length) => bytes.subarray(Number(at), Number(at + length)) },
  })
  const seen = new Map<string, number>()
  for await (const { channelId, logTime, publishTime } of reader.readMessages()) {
    const topic = reader.channelsById.get(channelId)?.topic ?? ''
    seen.set(topic, (seen.get(topic) ?? 0) + 1)
    if (topic === '/camera/image') assert.equal(logTime - publishTime, 60_000_000n)
    if (topic === '/lidar') assert.equal(logTime - publishTime, 25_000_000n)
  }
  for (const topic of [
    '/scene/fixed',
    '/scene/moving',
    '/tf',
    '/odometry',
    '/diagnostics',
    '/camera/image',
    '/camera/depth',
    '/lidar',
    '/camera',
    '/log',
  ]) {
    assert.ok((seen.get(topic) ?? 0) > 0, topic)
  }
  // Fifteen looks, one dropped.
  assert.equal(seen.get('/lidar'), 16)
  assert.equal(seen.get('/camera/image'), 15)
})

test('faults show: a frozen picture repeats, a dropped one is missing', async () => {
  const bytes = sharp.bytes('drive.mcap')
  const reader = await McapIndexedReader.Initialize({
    readable: { size: async () => BigInt(bytes.length), read: async (at, length) => bytes.subarray(Number(at), Number(at + length)) },
  })
  const pictures = new Map<number, Uint8Array>()
  for await (const { data, publishTime } of reader.readMessages({ topics: ['/camera/image'] })) {
    const { data: jpeg } = JSON.parse(new TextDecoder().decode(data))
    pictures.set(Number(publishTime / 100_000_000n), new Uint8Array(Buffer.from(jpeg, 'base64')))
  }
  assert.deepEqual(pictures.get(7), pictures.get(6))
  assert.notDeepEqual(pictures.get(6), pictures.get(5))
  assert.equal(pictures.has(10), false)
})

test('masks in the files agree with the annotations', () => {
  const { annotations, images } = JSON.parse(new TextDecoder().decode(sharp.bytes('camera/annotations.coco.json')))
  for (const image of images) {
    const { pixels } = decodePng(sharp.bytes(image.file_name.replace('.png', '.instances.png')))
    const count = new Map<number, number>()
    for (let i = 0; i < pixels.length; i += 2) {
      const id = (pixels[i] ?? 0) * 256 + (pixels[i + 1] ?? 0)
      count.set(id, (count.get(id) ?? 0) + 1)
    }
    for (const it of annotations) if (it.image_id === image.id) assert.equal(count.get(it.instance_id), it.area)
  }
  assert.ok(annotations.length > 20 && images.length >= 3)
})
