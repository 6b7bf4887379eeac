// What the view of a run is made of, without a browser: the story that a stream tells, the pages of a tape, and what counts as a picture.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isPicture, isText, safeName, seriesOf } from './series.ts'
import { type Call, type RunFile, type ShownRun, Story } from './story.ts'
import { pageSize, type TapePage, TapePages } from './tape-pages.ts'

const callAt = (number: number, decision: Call['decision'] = 'allowed', more: Partial<Call> = {}): Call => ({
  id: `cal_${number}`,
  number,
  connection: 'accounts-data',
  method: 'GET',
  path: '/accounts',
  decision,
  code: decision === 'denied' ? 'denied' : null,
  state: 'settled',
  status: 200,
  responseBytes: 1,
  durationMs: 1,
  entry: 'ent_1',
  at: null,
  ...more,
})

const file = (path: string, mediaType: string): RunFile => ({ number: 1, path, bytes: 1, digest: 'sha256:0', mediaType, at: '' })

describe('the story of a run', () => {
  const told = () => {
    const works: (() => void)[] = []
    const runs: ShownRun[] = []
    const story = new Story(
      (work) => works.push(work),
      (run) => runs.push(run),
    )
    const take = (event: string, data: unknown): void => story.take({ event, data: JSON.stringify(data), id: undefined })
    return { story, works, runs, take, settle: () => works.splice(0).map((work) => work()) }
  }

  it('counts what was allowed and denied, and tells it once for whatever arrived together', () => {
    const { story, works, take, settle } = told()
    let heard = 0
    story.subscribe(() => {
      heard += 1
    })
    for (let number = 1; number <= 5_000; number += 1) take('call', callAt(number, number % 5 === 0 ? 'denied' : 'allowed'))
    assert.equal(works.length, 1)
    settle()
    assert.equal(heard, 1)
    assert.deepEqual([story.get().allowed, story.get().denied, story.get().calls.length], [4_000, 1_000, 5_000])
  })

  it('puts the outcome of a call in the place of the call, and counts nothing twice after a resumption', () => {
    const { story, take, settle } = told()
    take('call', callAt(1, 'allowed', { state: 'decided', status: null }))
    take('call', callAt(2, 'denied'))
    take('outcome', callAt(1))
    take('call', callAt(2, 'denied'))
    settle()
    assert.deepEqual([story.get().allowed, story.get().denied], [1, 1])
    assert.equal(story.get().calls[0]?.status, 200)
  })

  it('hands the run on, and forgets that it was cut once it goes on', () => {
    const { story, runs, take, settle } = told()
    take('cut', { code: 'busy', detail: 'The server is stopping.' })
    settle()
    assert.equal(story.get().cut?.code, 'busy')
    take('run', { id: 'run_1' })
    settle()
    assert.equal(story.get().cut, undefined)
    assert.equal(runs.length, 1)
  })
})

describe('the pages of a tape', () => {
  const total = 50_000
  const tape = (isFiltered: boolean) => {
    const asked: number[] = []
    const waiting: (() => void)[] = []
    const pages = new TapePages(async (after, limit): Promise<TapePage> => {
      asked.push(after)
      await new Promise<void>((resolve) => waiting.push(resolve))
      const step = isFiltered ? 10 : 1
      const items = Array.from({ length: limit }, (_, at) => callAt(after + (at + 1) * step))
      return { items, allowed: total, denied: 0, matching: total / step, next: after + limit * step }
    }, isFiltered)
    const answer = async (): Promise<void> => {
      waiting.shift()?.()
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    }
    return { pages, asked, answer }
  }

  it('are read where one stops, not where one only passed', async () => {
    const { pages, asked, answer } = tape(false)
    pages.want(0, 20)
    await answer()
    for (let row = 1_000; row <= 40_000; row += 1_000) pages.want(row, row + 20)
    await answer()
    await answer()
    assert.deepEqual(asked, [0, 1_000, 40_000])
    assert.equal(pages.rowAt(40_000)?.number, 40_001)
    assert.equal(pages.rowAt(20_000), undefined)
  })

  it('follow each other where a filter leaves numbers out', async () => {
    const { pages, asked, answer } = tape(true)
    pages.want(0, 20)
    await answer()
    pages.want(2 * pageSize, 2 * pageSize + 20)
    await answer()
    await answer()
    assert.deepEqual(asked, [0, 2_000, 4_000])
    assert.equal(pages.rowAt(2 * pageSize)?.number, 4_010)
  })

  it('say that they could not be read, ask for nothing meanwhile, and try again on request', async () => {
    let isBroken = true
    let reads = 0
    const pages = new TapePages(async () => {
      reads += 1
      if (isBroken) throw new Error('no')
      return { items: [callAt(1)], allowed: 1, denied: 0, matching: 1, next: null }
    }, false)
    pages.want(0, 0)
    await new Promise((resolve) => setImmediate(resolve))
    pages.want(0, 0)
    assert.equal(reads, 1)
    assert.ok(pages.get().failed instanceof Error)
    isBroken = false
    pages.again()
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(pages.get().failed, undefined)
    assert.equal(pages.rowAt(0)?.number, 1)
  })
})

describe('the files of a run', () => {
  it('are drawn only where nothing in them can run', () => {
    for (const type of ['image/png', 'image/svg+xml', 'IMAGE/JPEG; x=y']) assert.ok(isPicture({ mediaType: type }), type)
    for (const type of ['text/html', 'application/pdf', 'image/svg', 'application/xhtml+xml', 'image/png,text/html', '']) {
      assert.ok(!isPicture({ mediaType: type }), type)
    }
    assert.ok(isText({ mediaType: 'text/html' }), 'markup is shown as the text that it is')
    assert.ok(!isText({ mediaType: 'application/octet-stream' }))
  })

  it('that differ in their numbers alone are one series, maps first', () => {
    const names = ['camera/000001.png', 'camera/000001.depth.png', 'live/map-000005.svg', 'live/map-000010.svg', 'camera/000002.png']
    const found = seriesOf([
      ...names.map((path) => file(path, path.endsWith('svg') ? 'image/svg+xml' : 'image/png')),
      file('a.txt', 'text/plain'),
    ])
    assert.deepEqual(
      found.map(({ id, files }) => [id, files.length]),
      [
        ['live/map-#.svg', 2],
        ['camera/#.png', 2],
        ['camera/#.depth.png', 1],
      ],
    )
  })

  it('are saved under a plain name', () => {
    assert.equal(safeName('a/b/map-1.svg'), 'map-1.svg')
    assert.equal(safeName('a\\..\\report\u202Egpj.exe'), 'report_gpj.exe')
    assert.equal(safeName('..'), '_')
    assert.equal(safeName('<img src=x>.html'), '_img src_x_.html')
    assert.equal(safeName('x/'), 'file')
  })
})
