// The assembly line twin: takes a milling machine's readings from its historian or from a sealed file, predicts failures by published rules, and
// says honestly how well that compares with what was recorded.
import { defineTwin, type RunContext, type RunResult } from '../../sdk/run/index.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { predict } from './predict.ts'
import { type Reading, readReading, readReadings } from './reading.ts'
import { alertsCsv, reportJson, reportText } from './report.ts'
import { type Predicted, scoreAll } from './score.ts'

/** The twin, as the launcher finds it. */
export const twin = defineTwin({ name: 'assembly-line', run })

async function run(context: RunContext): Promise<RunResult> {
  const parameters = readParameters(context.parameters)
  const { source, thresholds } = parameters
  const predicted: Predicted[] = []
  for await (const page of source === 'asset' ? sealed(context, parameters) : paged(context, parameters)) {
    for (const reading of page) predicted.push({ reading, alerts: predict(reading, thresholds) })
  }
  const scores = scoreAll(predicted)
  await context.output('report.json', 'application/json', reportJson(source, predicted, thresholds, scores))
  await context.output('report.md', 'text/markdown', reportText(source, predicted, scores))
  await context.output('alerts.csv', 'text/csv', alertsCsv(predicted))
  const modes = scores.map(({ mode, precision, recall }) => ({ mode, precision, recall }))
  const alerts = predicted.reduce((sum, { alerts: own }) => sum + own.length, 0)
  const isWhole = predicted.length > 0 && !context.stopped.aborted
  return { verdict: isWhole ? 'passed' : 'failed', summary: { source, readings: predicted.length, alerts, modes } }
}

async function* sealed(context: RunContext, { readingsMax }: Parameters): AsyncGenerator<Reading[], void> {
  const bytes = await context.asset('readings')
  yield readReadings(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)).slice(0, readingsMax)
}

async function* paged(context: RunContext, { pageSize, readingsMax }: Parameters): AsyncGenerator<Reading[], void> {
  for (let from = 0; from < readingsMax && !context.stopped.aborted; ) {
    const count = Math.min(pageSize, readingsMax - from)
    const { readings, total } = await getPage(context, from, count)
    if (readings.length === 0) return
    yield readings
    from += readings.length
    context.progress(from, Math.min(total, readingsMax), 'readings')
  }
}

async function getPage(context: RunContext, from: number, count: number): Promise<{ readings: Reading[]; total: number }> {
  const response = await context.call('line-historian', { method: 'GET', path: `/readings?from=${from}&count=${count}` })
  if (response.status !== 200) throw new Error(`Readings from ${from} could not be read: status ${response.status}.`)
  const page: { readings?: unknown; total?: unknown } = Object(response.json())
  if (!Array.isArray(page.readings) || page.readings.length > count)
    throw new TypeError('The historian did not answer with a page of readings.')
  return { readings: page.readings.map(readReading), total: Number(page.total) || 0 }
}
