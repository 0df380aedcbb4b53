import type { Mapping, MoneyRule, Source } from './mapping.ts'

const pathOf = (source: Source): string => (typeof source === 'string' ? source : `${source.prefix ?? ''}${source.path}`)
const sources = (rule: { readonly from: readonly Source[] } | undefined): string => (rule ? rule.from.map(pathOf).join(', ') : '–')
const money = (rule: MoneyRule | undefined): string =>
  rule
    ? rule.anyOf
        .map((one) => (Array.isArray(one) ? one : one.sum))
        .map((terms) => terms.map((term) => (typeof term === 'string' ? term : term.each)).join(' + '))
        .join('; or ')
    : '–'
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('*', '×')

const taxes = ({ lines, shipping, stated }: Mapping): string =>
  [
    lines.tax ? `line: ${money(lines.tax)}` : '',
    shipping.tax ? `shipping: ${money(shipping.tax)}` : '',
    stated.tax ? `together: ${money(stated.tax)}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ') || 'none told'

/** The reference table of docs/reference/mappings.md: one row a target field, one column a platform. */
export function mappingTable(mappings: readonly Mapping[]): string {
  const rows: readonly (readonly [string, (mapping: Mapping) => string])[] = [
    ['money', (mapping) => (mapping.moneyUnit === 'minor' ? 'minor units (fen)' : "decimals at the currency's scale")],
    ['externalRef', (mapping) => sources(mapping.externalRef)],
    [
      'placedAt',
      (mapping) => `${sources(mapping.placedAt)} (${mapping.placedAt.format}${mapping.placedAt.zone ? `, ${mapping.placedAt.zone}` : ''})`,
    ],
    ['version of the body', (mapping) => sources(mapping.version)],
    ['currency', (mapping) => `${sources(mapping.currency)}${mapping.currency.default ? `, else ${mapping.currency.default}` : ''}`],
    ['line sku', (mapping) => sources(mapping.lines.sku)],
    ['line quantity', (mapping) => sources(mapping.lines.quantity)],
    ['line price', (mapping) => money(mapping.lines.unitPrice ?? mapping.lines.gross)],
    ['line discount', (mapping) => (mapping.lines.discount ? money(mapping.lines.discount) : `price less (${money(mapping.lines.net)})`)],
    ['shipping', (mapping) => money(mapping.shipping.amount)],
    ['tax', taxes],
    ['customerRef', (mapping) => sources(mapping.customer.customerRef)],
    ['address', (mapping) => mapping.address.at.map((place) => place.path).join(', ')],
    ['total to compare', (mapping) => mapping.stated.totals.map(money).join('; or ')],
    ['payments', (mapping) => mapping.payments.map((payment) => `${payment.kind}: ${money(payment.amount)}`).join('; ')],
  ]
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [
    line(['field', ...mappings.map((mapping) => mapping.platform)]),
    line(['---', ...mappings.map(() => '---')]),
    ...rows.map(([name, read]) => line([name, ...mappings.map(read)])),
  ].join('\n')
}
