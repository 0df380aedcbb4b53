import type { CheckResult } from '../../../contract/entities/basics.ts'
import type { Format } from '../../i18n/formats.ts'
import type { Text } from '../../i18n/language.tsx'
import type { Order } from './order.ts'

export type Detail = NonNullable<CheckResult['detail']>
type Asked = Pick<Order, 'currency' | 'accountId' | 'accountName' | 'lines'>
/** Where words come from: of the reader's language, of the facts and of the order itself. */
type Speech = {
  readonly t: Text
  readonly format: Pick<Format, 'money' | 'number' | 'country'>
  readonly comma: string
  readonly ruleName: (ruleId: string) => string
  readonly reasonWords: (code: string) => string
}

const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])
const recordsIn = (value: unknown): Detail[] => (Array.isArray(value) ? value.filter(isRecord) : [])
const isRecord = (value: unknown): value is Detail => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The rules that a detail names, whose names are to be known before it is told. */
export const rulesIn = (detail: Detail): string[] => [
  ...textsIn(detail['rules']),
  ...recordsIn(detail['violations']).flatMap(({ ruleId }) => (typeof ruleId === 'string' ? [ruleId] : [])),
]

/** What a check worked out or missed, a sentence each; what no sentence is known for comes as it was kept, so that nothing is left unsaid. */
export function sentencesOf(detail: Detail, order: Asked, speech: Speech): string[] {
  const { t, format, comma, ruleName } = speech
  const rest = new Map(Object.entries(detail))
  const take = (key: string): unknown => {
    const value = rest.get(key)
    rest.delete(key)
    return value
  }
  const amountOf = (key: string, currency: string): string | undefined => {
    const value = take(key)
    return typeof value === 'number' ? format.money(value, currency) : undefined
  }
  const textOf = (key: string): string | undefined => {
    const value = take(key)
    return typeof value === 'string' ? value : undefined
  }
  const itemOf = (sku: unknown): string => order.lines.find((line) => line.sku === sku)?.name ?? String(sku)
  const linesOf = (refs: readonly string[]): string =>
    refs.map((ref) => itemOf(order.lines.find((line) => line.lineRef === ref)?.sku ?? ref)).join(comma)
  const said: string[] = []
  for (const { sku, short } of recordsIn(take('missing'))) said.push(t('check.short', { item: itemOf(sku), n: Number(short) }))
  const unknown = textsIn(take('unknown'))
  if (unknown.length > 0) said.push(t('check.unknown', { items: unknown.join(comma) }))
  for (const broken of recordsIn(take('violations'))) said.push(violationOf(broken, linesOf(textsIn(broken['lineRefs'])), speech))
  const accountId = textOf('accountId')
  if (accountId !== undefined)
    said.push(t('check.account', { account: accountId === order.accountId ? (order.accountName ?? accountId) : accountId }))
  const [limit, before, own] = ['creditLimit', 'exposureBefore', 'exposure'].map((key) => amountOf(key, order.currency))
  if (limit !== undefined && before !== undefined && own !== undefined) said.push(t('check.limit', { limit, before, own }))
  const country = textOf('countryCode')
  if (country !== undefined) said.push(t('check.country', { country: format.country(country) }))
  const lineRefs = textsIn(take('lineRefs'))
  const lines = take('lines')
  if (lineRefs.length > 0) said.push(t('check.lines', { n: typeof lines === 'number' ? lines : lineRefs.length, items: linesOf(lineRefs) }))
  if (typeof detail['got'] === 'string' && typeof detail['expected'] === 'string')
    said.push(t('check.currency', { expected: String(take('expected')), got: String(take('got')) }))
  const got = amountOf('got', order.currency)
  if (got !== undefined) said.push(t('check.charged', { got }))
  const expected = amountOf('expected', order.currency)
  if (expected !== undefined) said.push(t('check.ruled', { expected }))
  const rules = textsIn(take('rules'))
  if (rules.length > 0) said.push(t('check.rules', { rules: rules.map(ruleName).join(comma) }))
  return [...said, ...[...rest].map(([key, value]) => `${key}: ${JSON.stringify(value)}`)]
}

/** Which rule is broken, how, what it wants, and by which lines. */
function violationOf({ ruleId, reason, expected }: Detail, lines: string, { t, format, comma, ruleName, reasonWords }: Speech): string {
  const wants = isRecord(expected) ? expected : {}
  const documents = textsIn(wants['documents'])
  const what = [
    reasonWords(String(reason)),
    typeof wants['max'] === 'number' ? t('check.max', { n: format.number(wants['max']) }) : '',
    typeof wants['minimumAge'] === 'number' ? t('check.minimumAge', { n: wants['minimumAge'] }) : '',
    documents.length === 0 ? '' : t('check.documents', { names: documents.join(comma) }),
    lines,
  ]
  return t('check.violation', { rule: ruleName(String(ruleId)), what: what.filter((part) => part !== '').join(' · ') })
}
