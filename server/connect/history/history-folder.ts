import type { HistorySource } from '../../engine/ports/history-source.ts'
import { currencyDigits } from '../../domain/money/currency.ts'
import { Fault } from '../../kernel/fault.ts'
import { localInstant } from '../channels/local-time.ts'
import { readFacts } from './facts.ts'
import { joinOrders } from './join.ts'
import type { HistoryMapping } from './mapping.ts'
import { pastOrderBuilder } from './past-order.ts'
import { surveyTables } from './survey.ts'
import { openTables } from './tables.ts'

/** A folder of tables as a source of history. Fault `import_unreadable` says what is missing or broken in it. */
export async function openHistoryFolder(folder: string, mapping: HistoryMapping): Promise<HistorySource> {
  const { currency, zone } = mapping.channel
  if (currencyDigits(currency) === undefined) throw new Fault('import_unreadable', `the currency ${currency} is unknown`, 'never')
  if (localInstant('2020-01-01 00:00:00', zone) === undefined) throw new Fault('import_unreadable', `the zone ${zone} is unknown`, 'never')
  const tables = await openTables(folder, mapping)
  const survey = await surveyTables(tables, mapping)
  return {
    importId: survey.importId,
    label: `${mapping.mapping}: ${folder}`,
    rows: survey.rows,
    strays: survey.strays,
    straysUnlisted: survey.straysUnlisted,
    facts: () => readFacts(tables, mapping, survey.places),
    async *orders(done, isKnown) {
      const build = pastOrderBuilder({ mapping, tables, places: survey.places, isKnown })
      for await (const chunk of joinOrders(tables, done)) for (const joined of chunk) yield build(joined)
    },
  }
}
