import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CsvError, csvRows } from './csv.ts'
import { readParameters } from './parameters.ts'
import { predict, publishedThresholds } from './predict.ts'
import { twin } from './program.ts'
import { type Reading, readReading, readReadings } from './reading.ts'
import { alertsCsv, reportText } from './report.ts'
import { scoreAll } from './score.ts'
import { startHistorian } from './upstream.ts'

const header =
  'Class,Type,Air temperature [K],Process temperature [K],Rotational speed [rpm],Torque [Nm],Tool wear [min],,Machine failure,TWF,HDF,PWF,OSF,RNF'
const sound: Reading = {
  index: 0,
  quality: 'M',
  airKelvin: 298,
  processKelvin: 308,
  speedRpm: 1500,
  torqueNm: 40,
  wearMinutes: 10,
  failed: [],
  isMachineFailure: false,
}
const modes = (change: Partial<Reading>) => predict({ ...sound, ...change }, publishedThresholds).map(({ mode }) => mode)

describe('CSV', () => {
  it('is read as RFC 4180 describes it and as files are', () => {
    const cases: [string, string[][]][] = [
      [
        'a,b\r\nc,d\r\n',
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
      ],
      [
        '\ufeffa,b\nc,d',
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
      ],
      ['a,,\n', [['a', '', '']]],
      ['"a,""b""\nc",d', [['a,"b"\nc', 'd']]],
      ['a\n\n\r\nb\n', [['a'], ['b']]],
      ['a,', [['a', '']]],
      ['""\n', []],
      ['', []],
    ]
    for (const [text, rows] of cases) assert.deepEqual([...csvRows(text)], rows, JSON.stringify(text))
  })

  it('that is not well formed is refused with its line', () => {
    for (const [text, line] of [
      ['a\nb"c\n', 2],
      ['"a', 1],
      ['"a"b', 1],
      ['"x\ny"\n"', 3],
      ['a\rb', 1],
    ] as const) {
      assert.throws(
        () => [...csvRows(text)],
        (error) => error instanceof CsvError && error.line === line,
        JSON.stringify(text),
      )
    }
  })

  it('has limits on rows, columns and fields, and says which was hit', () => {
    const limits = { rowsMax: 2, columnsMax: 2, fieldCharactersMax: 3 }
    assert.equal([...csvRows('a\nb', limits)].length, 2)
    assert.throws(() => [...csvRows('a\nb\nc', limits)], /More than 2 rows/)
    assert.throws(() => [...csvRows('a,b,c', limits)], /More than 2 columns/)
    assert.throws(() => [...csvRows('abcd', limits)], /more than 3 characters/)
  })
})

describe('readings', () => {
  it('are found by the names of their columns, whatever stands before them', () => {
    const [reading] = readReadings(`\ufeff${header}\n1,L,298.1,308.6,1551,42.8,208,,1,1,0,0,0,0\n`)
    assert.deepEqual(reading, {
      index: 0,
      quality: 'L',
      airKelvin: 298.1,
      processKelvin: 308.6,
      speedRpm: 1551,
      torqueNm: 42.8,
      wearMinutes: 208,
      failed: ['TWF'],
      isMachineFailure: true,
    })
  })

  it('with a missing column or a value that is no number are refused', () => {
    assert.throws(() => readReadings('Type\nL\n'), /no column `TWF`/)
    assert.throws(() => readReadings(''), /empty/)
    assert.throws(() => readReadings(`${header}\n2,L,,308.6,1551,42.8,0,,0,0,0,0,0,0\n`), /no number/)
    assert.throws(() => readReadings(`${header}\n2,X,298,308.6,1551,42.8,0,,0,0,0,0,0,0\n`), /no quality/)
    assert.throws(() => readReading({ ...sound, torqueNm: 'much' }), /no number/)
    assert.throws(() => readReading(null), /no quality/)
  })
})

describe('the published rules', () => {
  it('say nothing of a sound machine', () => {
    assert.deepEqual(modes({}), [])
  })

  it('see heat that is not carried off: less than 8.6 K and slower than 1380 rpm, both', () => {
    assert.deepEqual(modes({ processKelvin: 306.5, speedRpm: 1379 }), ['HDF'])
    assert.deepEqual(modes({ processKelvin: 306.5, speedRpm: 1380 }), [])
    assert.deepEqual(modes({ processKelvin: 306.7, speedRpm: 1379 }), [])
    assert.deepEqual(modes({ airKelvin: 306.5, processKelvin: 298, speedRpm: 1379 }), ['HDF'])
  })

  it('see power below 3500 W and above 9000 W', () => {
    const torqueFor = (watts: number) => (watts * 60) / (2 * Math.PI * 1500)
    assert.deepEqual(modes({ torqueNm: torqueFor(3499) }), ['PWF'])
    assert.deepEqual(modes({ torqueNm: torqueFor(3501) }), [])
    assert.deepEqual(modes({ torqueNm: torqueFor(8999) }), [])
    assert.deepEqual(modes({ torqueNm: torqueFor(9001) }), ['PWF'])
  })

  it('see overstrain by quality: 11,000, 12,000 and 13,000 minute newton metres', () => {
    for (const [quality, wear] of [
      ['L', 190],
      ['M', 190],
      ['H', 190],
    ] as const) {
      const limit = publishedThresholds.strainMax[quality]
      assert.deepEqual(modes({ quality, wearMinutes: wear, torqueNm: limit / wear - 0.001, speedRpm: 1000 }), [], quality)
      assert.deepEqual(modes({ quality, wearMinutes: wear, torqueNm: limit / wear + 0.001, speedRpm: 1000 }), ['OSF'], quality)
    }
  })

  it('see a tool at risk from 200 to 240 minutes, and call it a risk', () => {
    assert.deepEqual(
      [199, 200, 240, 241].map((wearMinutes) => modes({ wearMinutes })),
      [[], ['TWF'], ['TWF'], []],
    )
    assert.equal(predict({ ...sound, wearMinutes: 200 }, publishedThresholds)[0]?.certainty, 'at-risk')
  })

  it('never look at what was recorded', () => {
    assert.deepEqual(modes({ failed: ['TWF', 'RNF'], isMachineFailure: true }), [])
  })

  it('follow the configuration of the machine', () => {
    const { thresholds } = readParameters({ thresholds: { powerWattsMax: 5000 } })
    assert.deepEqual(
      predict(sound, thresholds).map(({ mode }) => mode),
      ['PWF'],
    )
    assert.equal(thresholds.powerWattsMin, 3500)
  })
})

describe('the comparison', () => {
  const predicted = (failed: Reading['failed'], wearMinutes: number, index: number) => {
    const reading = { ...sound, index, failed, wearMinutes }
    return { reading, alerts: predict(reading, publishedThresholds) }
  }
  const all = [predicted(['TWF'], 210, 0), predicted([], 210, 1), predicted(['TWF'], 10, 2), predicted([], 10, 3)]

  it('counts right, wrong and missed apart', () => {
    const [tool] = scoreAll(all)
    assert.deepEqual([tool?.truePositives, tool?.falsePositives, tool?.falseNegatives, tool?.trueNegatives], [1, 1, 1, 1])
    assert.deepEqual([tool?.precision, tool?.recall], [0.5, 0.5])
  })

  it('has no share of nothing', () => {
    const heat = scoreAll(all).find(({ mode }) => mode === 'HDF')
    assert.deepEqual([heat?.precision, heat?.recall], [null, null])
    assert.match(reportText('asset', all, scoreAll(all)), /\| HDF \| 0 \| 0 \| 0 \| – \| – \|/)
  })

  it('lists each alert with whether it was recorded', () => {
    assert.deepEqual(alertsCsv(all).split('\r\n').slice(1, 3), ['0,M,TWF,at-risk,210,min,true', '1,M,TWF,at-risk,210,min,false'])
  })
})

describe('the parameters', () => {
  it('out of range are refused by name', () => {
    assert.throws(() => readParameters({ source: 'elsewhere' }), /`source`/)
    for (const pageSize of [0, 1001, 1.5, '5']) assert.throws(() => readParameters({ pageSize }), /`pageSize`/)
    assert.throws(() => readParameters({ thresholds: { strainMax: { L: -1 } } }), /`strainMax`/)
    assert.equal(twin.name, 'assembly-line')
  })
})

describe('the historian', () => {
  it('serves pages to who has the key of the moment', async () => {
    const rows = Array.from({ length: 5 }, (_, at) => `2,L,298,308,15${at}0,40,${at},,0,0,0,0,0,0`)
    const historian = await startHistorian({ csv: [header, ...rows].join('\n'), apiKey: 'one' })
    const get = (path: string, headers: Record<string, string>) => fetch(historian.url + path, { headers })
    assert.equal((await get('/readings', {})).status, 401)
    assert.equal((await get('/readings', { authorization: 'Bearer two' })).status, 401)
    const page = await (await get('/readings?from=3&count=10', { authorization: 'Bearer one' })).json()
    assert.partialDeepStrictEqual(page, { from: 3, total: 5, readings: [{ wearMinutes: 3 }, { wearMinutes: 4 }] })
    historian.rotate('two')
    assert.equal((await get('/readings', { 'x-api-key': 'one' })).status, 401)
    assert.equal((await get('/readings', { 'x-api-key': 'two' })).status, 200)
    assert.equal((await get('/readings?count=1001', { 'x-api-key': 'two' })).status, 400)
    assert.equal((await get('/elsewhere', { 'x-api-key': 'two' })).status, 404)
    assert.deepEqual(
      historian.requests.map(({ status }) => status),
      [401, 401, 200, 401, 200, 400, 404],
    )
    await historian.stop()
  })
})
