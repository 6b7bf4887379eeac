import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded, utf8 } from '../../kernel/index.ts'
import { encodeFrame, FrameDecoder } from './frames.ts'
import { frameBytesMax } from './limits.ts'

// mulberry32: a seeded generator, so that a failing fuzz case can be found again by its seed.
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function cut(bytes: Uint8Array, random: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(random() * 40)
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

describe('frames on a run channel', () => {
  it('come out as they went in, however the stream is cut', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed)
      const sent = Array.from({ length: 1 + Math.floor(random() * 8) }, () => utf8('x'.repeat(1 + Math.floor(random() * 300))))
      const stream = Buffer.concat(sent.map((payload) => encodeFrame(payload)))
      const decoder = new FrameDecoder()
      const received = cut(stream, random).flatMap((piece) => [...decoder.push(piece)])
      decoder.end()
      assert.deepEqual(received.map(String), sent.map(String), `seed ${seed}`)
    }
  })

  it('never hold more than one frame, whatever bytes arrive', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed)
      const decoder = new FrameDecoder()
      let yielded = 0
      try {
        for (let piece = 0; piece < 50; piece++) {
          // Small length bytes first, so that some streams get past their first frame.
          const noise = Uint8Array.from({ length: 1 + Math.floor(random() * 400) }, () => (random() < 0.6 ? 0 : Math.floor(random() * 256)))
          for (const payload of decoder.push(noise)) yielded += payload.length
          assert.ok(decoder.bufferedBytes <= frameBytesMax + 4)
        }
      } catch (error) {
        assert.ok(isCoded(error, 'malformed') || isCoded(error, 'too_large'), `seed ${seed}: ${String(error)}`)
      }
      assert.ok(yielded <= 50 * 400)
    }
  })

  it('take a payload of exactly the limit', () => {
    const decoder = new FrameDecoder()
    const [payload] = [...decoder.push(encodeFrame(new Uint8Array(frameBytesMax)))]
    assert.equal(payload?.length, frameBytesMax)
  })

  it('are refused by their announced length alone, before their bytes arrive', () => {
    const decoder = new FrameDecoder()
    assert.throws(
      () => [...decoder.push(Uint8Array.of(0, 16, 0, 1))],
      (error) => isCoded(error, 'too_large') && error.message.includes('1048577') && error.message.includes('1048576'),
    )
    assert.equal(decoder.bufferedBytes <= 4, true)
  })

  it('with the largest length that four bytes can say are refused as positive numbers', () => {
    assert.throws(() => [...new FrameDecoder().push(Uint8Array.of(255, 255, 255, 255))], /4294967295/)
  })

  it('that are empty are malformed, both ways', () => {
    assert.throws(
      () => [...new FrameDecoder().push(new Uint8Array(4))],
      (error) => isCoded(error, 'malformed'),
    )
    assert.throws(
      () => encodeFrame(new Uint8Array(0)),
      (error) => isCoded(error, 'malformed'),
    )
  })

  it('over the limit are not sent either', () => {
    assert.throws(
      () => encodeFrame(new Uint8Array(frameBytesMax + 1)),
      (error) => isCoded(error, 'too_large'),
    )
  })

  it('are not found again after an error', () => {
    const decoder = new FrameDecoder()
    assert.throws(() => [...decoder.push(new Uint8Array(4))])
    assert.throws(
      () => [...decoder.push(encodeFrame(utf8('{}')))],
      (error) => isCoded(error, 'malformed'),
    )
    assert.throws(
      () => decoder.end(),
      (error) => isCoded(error, 'malformed'),
    )
  })

  it('cut short by the end of the stream are malformed', () => {
    const whole = encodeFrame(utf8('{"type":"hello"}'))
    for (const length of [1, 3, 4, whole.length - 1]) {
      const decoder = new FrameDecoder()
      assert.deepEqual([...decoder.push(whole.subarray(0, length))], [])
      assert.throws(
        () => decoder.end(),
        (error) => isCoded(error, 'malformed'),
      )
    }
  })
})
