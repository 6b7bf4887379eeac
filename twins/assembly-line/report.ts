// The files that a run over the line's readings leaves, as text.
import type { Thresholds } from './predict.ts'
import type { Predicted, Score } from './score.ts'

/** `alerts.csv`: one line per alert (RFC 4180), in the order of readings. */
export function alertsCsv(predicted: readonly Predicted[]): string {
  const lines = predicted.flatMap(({ reading, alerts }) =>
    alerts.map(
      ({ mode, certainty, value, unit }) =>
        `${reading.index},${reading.quality},${mode},${certainty},${value},${unit},${reading.failed.includes(mode)}`,
    ),
  )
  return `${['reading,quality,mode,certainty,value,unit,recorded', ...lines].join('\r\n')}\r\n`
}

/** `report.json`: what was compared, with which thresholds, and how it came out. */
export function reportJson(source: string, predicted: readonly Predicted[], thresholds: Thresholds, scores: readonly Score[]): string {
  const recorded = predicted.filter(({ reading }) => reading.failed.length > 0).length
  return `${JSON.stringify({ schema: 'failure-prediction/1', source, readings: predicted.length, recordedFailures: recorded, thresholds, scores }, null, 2)}\n`
}

/** `report.md`: the same for people. */
export function reportText(source: string, predicted: readonly Predicted[], scores: readonly Score[]): string {
  const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(2)} %`)
  return [
    '# Failures of the line, predicted and recorded',
    '',
    `${predicted.length} readings from the ${source}. Predictions use measured values alone; the recorded labels are only compared with.`,
    '',
    '| mode | alerts that were right | alerts that were wrong | failures missed | precision | recall |',
    '|---|---|---|---|---|---|',
    ...scores.map(
      ({ mode, truePositives, falsePositives, falseNegatives, precision, recall }) =>
        `| ${mode} | ${truePositives} | ${falsePositives} | ${falseNegatives} | ${percent(precision)} | ${percent(recall)} |`,
    ),
    '',
    ...scores.map(({ mode, note }) => `- ${mode}: ${note}`),
    '',
    'Data: AI4I 2020 Predictive Maintenance, S. Matzka, UCI repository, CC BY 4.0.',
    '',
  ].join('\n')
}
