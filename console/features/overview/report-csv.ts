import { cell } from '../orders/csv.ts'
import type { Report } from './report.ts'

type Row = readonly [part: string, name: string, measure: string, value: string | number | undefined, before: string | number | undefined]

/** A report as a spreadsheet reads it: a row a figure, in the API's own words and units. */
export function reportCsvOf({ range, before, currency }: Report): string {
  const rows: Row[] = [
    ['range', '', 'from', range.from, before?.from],
    ['range', '', 'to', range.to, before?.to],
    ...(['placed', 'fulfilled', 'cancelled', 'open', 'fulfilmentRate', 'kept', 'broken', 'keptRate', 'exceptions'] as const).map(
      (measure): Row => ['all', '', measure, range[measure], before?.[measure]],
    ),
    ['all', currency, 'costMeanMinorUnits', range.cost?.mean, before?.cost?.mean],
    ['all', '', 'co2eMeanGrams', range.co2e.meanGrams, before?.co2e.meanGrams],
    ...range.stages.map(({ stage, meanMs }, i): Row => ['stage', stage, 'meanMs', meanMs, before?.stages[i]?.meanMs]),
    ...range.channels.flatMap((one) => {
      const was = before?.channels.find(({ channelId }) => channelId === one.channelId)
      return (['placed', 'fulfilled', 'cancelled', 'kept', 'broken', 'keptRate'] as const).map((measure): Row => [
        'channel',
        one.channelId,
        measure,
        one[measure],
        was?.[measure],
      ])
    }),
    ...range.days.flatMap((one) =>
      (['placed', 'fulfilled', 'cancelled', 'open', 'kept', 'broken'] as const).map((measure): Row => [
        'day',
        one.day,
        measure,
        one[measure],
        undefined,
      ]),
    ),
    ...range.kinds.map(({ kind, exceptions }): Row => [
      'exception',
      kind,
      'exceptions',
      exceptions,
      before?.kinds.find((one) => one.kind === kind)?.exceptions ?? 0,
    ]),
    ...range.heat.flatMap(({ nodeId, hours }) => hours.map((n, hour): Row => ['heat', nodeId ?? '', `hour${hour}`, n, undefined])),
  ]
  return `\uFEFF${[['part', 'name', 'measure', 'value', 'before'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}
