import { createHash } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { OrderInput } from '../../../contract/entities/order.ts'
import { currencyDigits } from '../../domain/money/currency.ts'
import type { ChannelFacts, MappedOrder, MappingIssue, MappingVerdict } from '../../engine/ports/channel-mapper.ts'
import { canonicalJson } from '../../kernel/lossless-json.ts'
import { toIso } from '../../kernel/time.ts'
import { readAddress, readCustomer } from './address.ts'
import { readMoney } from './amounts.ts'
import { readAttributes } from './attributes.ts'
import { defined, readBoolean, readInstant, readIso, readText } from './fields.ts'
import { leftoversOf } from './leftovers.ts'
import { readLines, type MappedLines } from './lines.ts'
import type { Mapping } from './mapping.ts'
import type { Found } from './path.ts'
import { readPayments } from './payments.ts'
import { readTaxes } from './taxes.ts'
import { describe, from, holdsAll, issue, report, type Reading } from './reading.ts'

const orderInput = Compile(OrderInput)
const volatile = new WeakMap<Mapping, ReadonlySet<string>>()

/** SHA-256 over canonical JSON without the mapping's volatile fields: key order and whitespace do not matter. */
export function bodyHash(mapping: Mapping, order: unknown): string {
  const leaveOut = volatile.get(mapping) ?? new Set(mapping.volatile)
  volatile.set(mapping, leaveOut)
  return createHash('sha256').update(canonicalJson(order, leaveOut)).digest('hex')
}

/** The worst issue decides. */
export function verdictOf(issues: readonly MappingIssue[]): MappingVerdict {
  if (issues.some((one) => one.severity === 'error')) return 'inbox'
  return issues.some((one) => one.severity === 'warning') ? 'review' : 'clean'
}

/** Currency and its digits; without a known currency no amount can be read. */
function readCurrency(draft: Reading, channel: ChannelFacts): { currency: string; digits: number } | undefined {
  const rule = draft.mapping.currency
  const fallback = channel.currency ?? rule.default
  const currency = readText(draft, draft.root, { ...rule, required: true, ...(fallback === undefined ? {} : { default: fallback }) })
  const digits = currency === undefined ? undefined : currencyDigits(currency)
  if (currency === undefined) return undefined
  if (digits !== undefined) return { currency, digits }
  report(draft, issue('currency_unknown', 'error', 'currency', 'a currency of ISO 4217', describe(currency)))
  return undefined
}

type Amounts = {
  readonly shipping: number
  readonly discount: number
  readonly tax: number | undefined
  readonly total: number | undefined
}

/** Order-level amounts, compared with what the platform says the order costs. */
function readAmounts(reading: Reading, lines: MappedLines, taxesIncluded: boolean): Amounts {
  const { mapping, root } = reading
  const charges = readMoney(reading, root, mapping.charges) ?? 0
  if (charges !== 0) report(reading, issue('charges_in_shipping', 'notice', '$', 'no fees, tips or duties', `${charges} minor units`))
  const shipping = Math.max((readMoney(reading, root, mapping.shipping.amount) ?? 0) + charges, 0)
  const discount = Math.min(readMoney(reading, root, mapping.discount) ?? 0, lines.net)
  const tax = readMoney(reading, root, mapping.stated.tax)
  const totals = mapping.stated.totals.map((rule) => readMoney(reading, root, rule)).filter((total) => total !== undefined)
  const worked = lines.net + shipping - discount + (taxesIncluded ? 0 : (tax ?? 0))
  const tolerance = (mapping.stated.tolerancePerLine ?? 0) * (lines.lines.length + 1)
  if (totals.length > 0 && lines.lines.length > 0 && !totals.some((total) => Math.abs(total - worked) <= tolerance))
    report(
      reading,
      issue(
        'total_contradicts',
        'warning',
        '$',
        `lines, shipping, tax and discounts to make ${totals.join(' or ')} minor units`,
        `${worked} minor units`,
      ),
    )
  return { shipping, discount: Math.max(discount, 0), tax, total: totals[0] }
}

function readCancelled(reading: Reading): MappedOrder['cancelled'] {
  const { anyOf, at, reason } = reading.mapping.cancelled
  if (!anyOf.some((conditions) => holdsAll(reading, reading.root, conditions))) return undefined
  return defined({ at: readIso(reading, reading.root, at), reason: reason && readText(reading, reading.root, reason) })
}

/** Reasons for a person to look that stand in the mapping. */
function reviewRules(reading: Reading): void {
  for (const rule of reading.mapping.review) {
    if (!holdsAll(reading, reading.root, rule.when)) continue
    const path = rule.when[0]?.path ?? '$'
    report(reading, issue(rule.code, 'warning', path, rule.expected, describe(from(reading, reading.root, path)[0]?.value)))
  }
}

function reportUnknown(reading: Reading, unknown: readonly string[]): void {
  if (unknown.length === 0) return
  const shown = unknown.slice(0, 10).join(', ')
  report(reading, issue('fields_unknown', 'notice', unknown[0] ?? '$', 'fields that the mapping knows', `${unknown.length} more: ${shown}`))
}

/** The last gate: what the contract would refuse never leaves as an order. */
function checked(reading: Reading, order: unknown): OrderInput | undefined {
  if (orderInput.Check(order)) return order
  for (const error of orderInput.Errors(order).slice(0, 10))
    report(reading, issue('contract_refuses', 'error', error.instancePath, error.message, 'another value'))
  return undefined
}

function buildOrder(
  reading: Reading,
  channel: ChannelFacts,
  currency: string,
  externalRef: string,
): { order: OrderInput | undefined; amounts: Amounts } {
  const { mapping, root } = reading
  const lines = readLines(reading)
  if (lines.lines.length === 0 && verdictOf(reading.issues) !== 'inbox')
    report(reading, issue('lines_missing', 'error', mapping.lines.at[0] ?? '$', 'a line with a quantity', 'none'))
  const priced: Reading = { ...reading, linesDiscount: lines.statedDiscount }
  const taxesIncluded = readBoolean(reading, root, mapping.taxesIncluded)
  const amounts = readAmounts(priced, lines, taxesIncluded ?? true)
  const placedAt = readInstant(reading, root, mapping.placedAt)
  const service = mapping.shipping.service && readText(reading, root, { ...mapping.shipping.service, max: 128 })
  const payments = readPayments(priced)
  const taxes = readTaxes(reading, lines, { ...amounts, isIncluded: taxesIncluded ?? true }, amounts.tax)
  const shipTo = readAddress(reading, lines.isDigital)
  const order = {
    channelId: channel.channelId,
    externalRef,
    currency,
    shipTo,
    lines: taxes.lines,
    ...defined({
      placedAt: placedAt === undefined ? undefined : toIso(placedAt),
      customer: readCustomer(reading),
      taxesIncluded,
      shipping:
        amounts.shipping > 0 || service !== undefined
          ? { amount: amounts.shipping, ...defined({ service, tax: taxes.shipping }) }
          : undefined,
      discount: amounts.discount > 0 ? amounts.discount : undefined,
      payments: payments.length > 0 ? payments : undefined,
      promisedBy: readIso(reading, root, mapping.promisedBy),
      note: mapping.note && readText(reading, root, { ...mapping.note, max: 2000 }, true),
      attributes: readAttributes(reading, root, mapping.attributes),
    }),
  }
  return { order: verdictOf(reading.issues) === 'inbox' ? undefined : checked(reading, order), amounts }
}

/** Maps one order of a body; what is wrong becomes issues, never an exception. */
export function mapOrder(mapping: Mapping, channel: ChannelFacts, root: Found): MappedOrder {
  const issues: MappingIssue[] = []
  const draft: Reading = { mapping, root: { value: root.value, path: '$' }, zone: channel.zone, digits: 2, issues, linesDiscount: 0 }
  const externalRef = readText(draft, draft.root, { ...mapping.externalRef, required: true })
  const money = readCurrency(draft, channel)
  const reading: Reading = { ...draft, digits: money?.digits ?? 2 }
  const version = readInstant(reading, reading.root, mapping.version)
  const status = readText(reading, reading.root, mapping.status)
  const built = buildOrder(reading, channel, money?.currency ?? 'XXX', externalRef ?? 'unknown')
  const cancelled = readCancelled(reading)
  reviewRules(reading)
  const leftovers = leftoversOf(mapping, root.value)
  reportUnknown(reading, leftovers.unknown)
  const verdict = verdictOf(issues)
  const prefix = root.path === '$' ? '' : `${root.path}.`
  return {
    verdict,
    ...(verdict === 'inbox' || built.order === undefined ? {} : { order: built.order }),
    ...defined({ externalRef, platformVersion: version, platformStatus: status, cancelled }),
    stated: defined({ total: built.amounts.total, tax: built.amounts.tax }),
    unmapped: leftovers.unmapped,
    source: root.value,
    issues: issues.map((one) => (one.path === '$' ? { ...one, path: root.path } : { ...one, path: `${prefix}${one.path}` })),
    bodyHash: bodyHash(mapping, root.value),
  }
}
