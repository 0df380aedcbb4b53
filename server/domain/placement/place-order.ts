import type { CheckReason } from '../../../contract/check-reasons.ts'
import type { CheckResult } from '../../../contract/entities/basics.ts'
import type { OrderInput } from '../../../contract/entities/order.ts'
import type { NewEvent } from '../../../contract/events.ts'
import type { OrderId } from '../../kernel/ids.ts'
import { done, type Outcome, type Refusal, refuse } from '../../kernel/outcome.ts'
import { instant, MINUTE, type Instant, parseInstant, toIso } from '../../kernel/time.ts'
import { saleEnded } from '../availability/for-sale.ts'
import { bufferOf, promisable } from '../availability/promisable.ts'
import { type Finding, resultOf } from '../check/finding.ts'
import type { ComplianceFinding } from '../compliance/check-compliance.ts'
import { checkCredit, type CreditFinding } from '../credit/check-credit.ts'
import { deliverDigital } from '../fulfillment/deliver-digital.ts'
import { computeTotals, type OrderMoney } from '../money/totals.ts'
import { statedTax } from '../money/stated-tax.ts'
import { currencyDigits } from '../money/currency.ts'
import { changeOf, type OrderChange } from '../order/change.ts'
import { appendPayments } from '../payment/append-payment.ts'
import { initialState } from '../order/evolve.ts'
import { isSettled, paidOf } from '../order/payment-need.ts'
import type { Checks, OrderIntake } from '../order/state.ts'
import type { HeldStock } from '../reservation/take-over.ts'
import { withStatedTax } from '../tax/with-stated-tax.ts'
import { checkTax, isBusinessBuyer, type TaxFinding } from '../tax/check-tax.ts'
import { awaitSupply } from './await-supply.ts'
import { complianceOf } from './compliance-of.ts'
import { type Demand, demandsOf, missingBySku } from './demand.ts'
import { isDigitalLine } from './digital-line.ts'
import { pickupRefusal } from './pickup.ts'
import { depositFor } from './pre-order.ts'
import type { AccountPolicy, ChannelPolicy, PlacementFacts } from './facts.ts'
import { intakeOf, paymentEntries, receivedData } from './intake-of.ts'
import { heldUnitsOf } from './held-demands.ts'
import { decisionDoc, sourcedData } from './plan-event.ts'
import type { Sourced } from './source.ts'
import type { SourcingQuestion } from './sourcing-question.ts'
import { rulesInTheWay, sourceWithinRules } from './source-within-rules.ts'

/** An order to be placed: by an API caller, who can be refused, or by a channel, whose sale has happened and is always kept. */
export type Placement = {
  readonly order: OrderInput
  readonly orderId: OrderId
  readonly shard: number
  readonly origin: 'api' | 'channel'
  /** Why a channel's body must be looked at by a person, whatever the checks say. */
  readonly reviewReasons?: readonly string[]
  readonly platformVersion?: number
  /** Reservations that the order takes over. */
  readonly held?: readonly HeldStock[]
}

export type Placed = { readonly change: OrderChange; readonly decision: { readonly decisionNo: number; readonly doc: string } | undefined }

const HOLD_MINUTES = 30

/**
 * Decides whether and how an order is taken. Refusals, in this order of precedence: unknown or closed channel, contradictions of the body,
 * unknown items, discontinued ones, compliance, tax, credit, stock. A channel's order is never refused: what would refuse it puts it in review.
 */
export function placeOrder(placement: Placement, facts: PlacementFacts, now: Instant): Outcome<Placed> {
  const { order } = placement
  const channel = facts.channel(order.channelId)
  if (channel === undefined)
    return refuse(
      'channel_unknown',
      { en: `no channel is called "${order.channelId}"`, zh: `没有名为“${order.channelId}”的渠道` },
      { expected: 'a known channel', got: order.channelId, pointer: '/channelId' },
    )
  const isAsked = placement.origin === 'api'
  if (isAsked && channel.closed === true)
    return refuse(
      'channel_closed',
      { en: 'the channel takes no new orders', zh: '该渠道不再接受新订单' },
      { got: order.channelId, pointer: '/channelId' },
    )
  const wrong =
    contradictionOf(order, channel) ??
    pickupRefusal(order, channel, facts) ??
    (isAsked ? (unknownItemOf(order, facts) ?? endedItemOf(placement, facts) ?? ledgerRefusalOf(order)) : undefined)
  if (wrong !== undefined) return wrong
  const account = order.accountId === undefined ? undefined : facts.account(order.accountId)
  const taxed = taxOf(order, account?.doc, facts, channel, now)
  if (taxed.status === 'refused') return taxed
  const tax = taxed.value
  const money = computeTotals(order, tax.rates)
  if (money.status === 'refused') return money
  const checked = { ...checksOf(placement, channel, money.value, facts, now), tax }
  const refusal = placement.origin === 'api' ? refusalOf(checked) : undefined
  if (refusal !== undefined) return refusal
  return settle({ ...placement, channel, money: money.value, ...checked }, facts, now)
}

type Checked = { readonly compliance: ComplianceFinding; readonly credit: CreditFinding; readonly tax: TaxFinding }

function contradictionOf(order: OrderInput, channel: ChannelPolicy): Refusal | undefined {
  if (currencyDigits(order.currency) === undefined)
    return refuse(
      'currency_unknown',
      { en: `expected an ISO 4217 code, got "${order.currency}"`, zh: `须为 ISO 4217 代码，实为“${order.currency}”` },
      { expected: 'a code of ISO 4217', got: order.currency, pointer: '/currency' },
    )
  if (channel.currency !== undefined && channel.currency !== order.currency) {
    return refuse(
      'currency_mismatch',
      { en: `the channel sells in ${channel.currency}`, zh: `该渠道以 ${channel.currency} 销售` },
      { expected: channel.currency, got: order.currency, pointer: '/currency' },
    )
  }
  const seen = new Set<string>()
  for (const [i, line] of order.lines.entries()) {
    if (seen.has(line.lineRef))
      return refuse(
        'duplicate_line_ref',
        { en: `two lines are called "${line.lineRef}"; expected one`, zh: `有两行的行号为“${line.lineRef}”；只能有一行` },
        { expected: 'each lineRef once', got: line.lineRef, pointer: `/lines/${i}/lineRef` },
      )
    seen.add(line.lineRef)
  }
  for (const [i, payment] of (order.payments ?? []).entries()) {
    if (payment.amount < 0 && payment.kind !== 'adjust')
      return refuse(
        'payment_amount_invalid',
        { en: 'expected a positive amount', zh: '金额须为正数' },
        { expected: { min: 1 }, got: payment.amount, pointer: `/payments/${i}/amount` },
      )
  }
  return undefined
}

/** What a platform reports of its money is a fact; what a caller claims must add up. */
function ledgerRefusalOf({ payments }: OrderInput): Refusal | undefined {
  const appended = appendPayments([], payments ?? [])
  return appended.status === 'refused' ? { ...appended, pointer: `/payments${appended.pointer}` } : undefined
}

function unknownItemOf(order: OrderInput, facts: PlacementFacts): Refusal | undefined {
  for (const [i, line] of order.lines.entries()) {
    if (facts.item(line.sku) === undefined)
      return refuse(
        'item_unknown',
        { en: `no item has the SKU "${line.sku}"`, zh: `没有 SKU 为“${line.sku}”的商品` },
        { expected: 'a known SKU', got: line.sku, pointer: `/lines/${i}/sku` },
      )
  }
  return undefined
}

/** What was held for a cart before its item was discontinued is still sold. */
function endedItemOf({ order, held = [] }: Placement, facts: PlacementFacts): Refusal | undefined {
  for (const [i, { sku }] of order.lines.entries()) {
    if (saleEnded(facts.item(sku)?.doc, undefined) === undefined || held.some((one) => one.reservation.sku === sku)) continue
    return refuse(
      'item_discontinued',
      { en: `"${sku}" is not sold any more`, zh: `商品“${sku}”已停售` },
      { got: sku, pointer: `/lines/${i}/sku` },
    )
  }
  return undefined
}

const isBusinessOrder = (order: OrderInput, facts: PlacementFacts): boolean =>
  isBusinessBuyer(order.accountId === undefined ? undefined : facts.account(order.accountId)?.doc, order.customer)

/** Tax is that of the day the sale was made, also where its body comes later; a day to come is none. */
const soldAt = ({ placedAt }: OrderInput, now: Instant): Instant => instant(Math.min(now, parseInstant(placedAt ?? '') ?? now))

function taxOf(
  order: OrderInput,
  account: AccountPolicy | undefined,
  facts: PlacementFacts,
  channel: ChannelPolicy,
  now: Instant,
): Outcome<TaxFinding> {
  const lines = order.lines.map((line) => ({
    lineRef: line.lineRef,
    taxClass: line.taxClass ?? facts.item(line.sku)?.doc.taxClass ?? 'standard',
  }))
  const taxed = { shipTo: order.shipTo, isBusiness: isBusinessBuyer(account, order.customer), lines }
  const onFailure = channel.checks?.tax ?? 'refuse'
  const found = checkTax(taxed, facts.tax, soldAt(order, now), onFailure)
  const stated = statedTax(order)
  if (stated.status === 'refused') return stated
  return done(stated.value === undefined ? found : withStatedTax(found, stated.value, order, onFailure))
}

function checksOf(
  placement: Placement,
  channel: ChannelPolicy,
  money: OrderMoney,
  facts: PlacementFacts,
  now: Instant,
): Omit<Checked, 'tax'> {
  const { order } = placement
  const account = order.accountId === undefined ? undefined : facts.account(order.accountId)
  const captured = paidOf(order.payments ?? [])
  const request = { accountId: order.accountId, currency: order.currency, total: money.totals.total, captured }
  const credit = checkCredit(request, account?.doc, account?.exposure ?? 0, channel.checks?.credit ?? 'refuse')
  const compliance = complianceOf({ ...order, bornOn: order.customer?.bornOn }, facts, now, channel.checks?.compliance ?? 'refuse')
  return { credit, compliance }
}

/** The first check that refuses, in the order compliance, tax, credit. */
function refusalOf({ compliance, tax, credit }: Checked): Refusal | undefined {
  for (const [check, zh, finding] of [
    ['compliance', '合规', compliance],
    ['tax', '税务', tax],
    ['credit', '信用', credit],
  ] as const) {
    if (finding.verdict !== 'refuse') continue
    const detail = { en: `the ${check} check does not let this order through`, zh: `${zh}检查未放行该订单` }
    return refuse(finding.reason, detail, { got: finding.detail ?? {} })
  }
  return undefined
}

type Settling = Placement & Checked & { readonly channel: ChannelPolicy; readonly money: OrderMoney }

/** Sources the order and builds its events: kept as accepted, as in review, or refused for want of stock. */
function settle(placing: Settling, facts: PlacementFacts, now: Instant): Outcome<Placed> {
  const intake = intakeOf(
    {
      ...placing,
      provenAge: placing.compliance.provenAge,
      isBusiness: isBusinessOrder(placing.order, facts),
      isDigital: (line) => isDigitalLine(line, facts),
    },
    now,
  )
  const payments = paymentEntries(placing.order.payments ?? [], now)
  const paid = { payments: payments.map((entry) => ({ ...entry, occurredAt: parseInstant(entry.occurredAt) ?? now })), reservations: [] }
  const demands = demandsOf(
    intake.lines.map((line, lineNo) => ({ lineNo, sku: line.sku, units: line.isDigital ? 0 : line.quantity })),
    facts,
  )
  const held = heldUnitsOf(demands, placing.held ?? [])
  if (held.status === 'refused') return held
  const shortage = shortageOf(placing.channel, placing.origin)
  const asked: SourcingQuestion = {
    demands,
    shipTo: intake.shipTo,
    channel: placing.channel,
    constraints: placing.compliance.constraints,
    lines: intake.lines,
    promisedBy: intake.promisedBy,
    requestedService: intake.requestedService,
    pickup: intake.pickup?.nodeId,
    ...(held.value.length === 0 ? {} : { held: held.value }),
    partial: shortage !== 'refuse' || placing.origin === 'channel',
    now,
  }
  const { sourced, question, setAside } = sourceWithinRules(asked, facts)
  if ((sourced.held?.short ?? 0) > 0)
    return refuse(
      'reservation_unusable',
      { en: 'the node that holds the stock cannot ship the order', zh: '持有预留库存的节点无法发出该订单' },
      { pointer: '/reservations' },
    )
  const stock = stockFinding(intake, asked, sourced, facts, placing)
  if (stock.verdict === 'refuse')
    return refuse(
      stock.reason,
      { en: 'the order cannot be covered as asked', zh: '无法按要求满足该订单' },
      { expected: askedOf(demands), got: stock.detail ?? {} },
    )
  const awaited = sourced.plan.shortfall.length === 0 ? undefined : awaitSupply(question, sourced, facts)
  const at = toIso(now)
  const checks: Checks = {
    stock: resultOf(stock, at),
    credit: resultOf(placing.credit, at),
    tax: resultOf(placing.tax, at),
    compliance: resultOf(withRulesSetAside(placing.compliance, setAside), at),
  }
  const reasons = reviewReasonsOf(placing, checks, facts)
  const deposit = depositFor(intake, placing.channel, awaited)
  const isSettledNow = isSettled(intake, deposit === undefined ? paid : { ...paid, preOrder: { deposit } })
  const waits = reasons.length > 0 || (shortage === 'backorder' && sourced.plan.shortfall.length > 0)
  const kind = !isSettledNow ? 'soft' : waits ? 'firm' : 'committed'
  const expiresAt = kind === 'soft' ? instant(now + (placing.channel.unpaid?.holdMinutes ?? HOLD_MINUTES) * MINUTE) : undefined
  const from = initialState(intake)
  const plan = sourcedData({ intake, state: from }, demands, sourced, kind, facts, { now, expiresAt, awaited })
  const credit =
    placing.credit.exposure === 0 || placing.order.accountId === undefined
      ? {}
      : { credit: { accountId: placing.order.accountId, exposure: placing.credit.exposure } }
  const events: NewEvent[] = [{ type: 'order.received', occurredAt: intake.placedAt, data: receivedData(intake) }]
  if (payments.length > 0) events.push({ type: 'order.paymentRecorded', occurredAt: now, data: { entries: payments } })
  if (deposit !== undefined) events.push({ type: 'order.preOrdered', occurredAt: now, data: { deposit } })
  events.push({ type: 'order.sourced', occurredAt: now, data: plan })
  if (reasons.length > 0) events.push({ type: 'order.reviewRequired', occurredAt: now, data: { checks, reasons, ...credit } })
  else events.push({ type: 'order.accepted', occurredAt: now, data: { checks, ...credit } })
  const taken = changeOf(intake, undefined, from, events, now)
  const digital = deliverDigital(taken.after, now)
  const change = digital === undefined ? taken : changeOf(intake, undefined, from, [...events, digital], now)
  const decision = demands.length === 0 ? undefined : { decisionNo: plan.decisionNo, doc: decisionDoc(sourced, demands, facts, now) }
  return done({ change, decision })
}

/** A channel's own body is a sale that has happened: it is never refused for want of stock. */
const shortageOf = (channel: ChannelPolicy, origin: string) => channel.shortage ?? (origin === 'channel' ? 'review' : 'refuse')

/** A plan that had to set rules aside is for a person to decide; what the check found already stays what it says. */
function withRulesSetAside(finding: ComplianceFinding, rules: readonly string[]): Finding {
  if (rules.length === 0 || finding.verdict === 'review' || finding.verdict === 'refuse') return finding
  return { verdict: 'review', reason: 'rules_set_aside', detail: { rules: rules.slice(0, 20) } }
}

/** What the plan says about stock: covered, short by policy, or there but out of reach of every node that may serve. */
function stockFinding(
  intake: OrderIntake,
  question: SourcingQuestion,
  sourced: Sourced,
  facts: PlacementFacts,
  { channel, origin }: Settling,
): Finding {
  const { demands } = question
  const shortage = shortageOf(channel, origin)
  if (intake.lines.every((line) => line.isDigital)) return { verdict: 'notApplicable', reason: 'no_stock_needed' }
  const unknown = intake.lines.flatMap((line, lineNo) =>
    line.isDigital || demands.some((demand) => demand.lineNo === lineNo) ? [] : [line.sku],
  )
  const { shortfall } = sourced.plan
  if (unknown.length === 0 && shortfall.length === 0) return { verdict: 'pass', reason: 'stock_reserved' }
  const missing = missingBySku(shortfall, demands)
  const isOutOfReach =
    unknown.length === 0 && intake.pickup === undefined && shortfall.every((one) => isThere(one.itemNo, demands, channel, facts))
  const reason: CheckReason = unknown.length > 0 ? 'item_unknown' : isOutOfReach ? 'unroutable' : 'stock_short'
  const rules = rulesInTheWay(question, sourced, facts)
  const detail = { missing, ...(unknown.length > 0 ? { unknown } : {}), ...(rules.length > 0 ? { rules: rules.slice(0, 20) } : {}) }
  if (shortage === 'refuse' && origin === 'api') return { verdict: 'refuse', reason, detail }
  if (unknown.length > 0 || shortage === 'refuse' || shortage === 'review') return { verdict: 'review', reason, detail }
  return { verdict: 'pass', reason: 'backordered', detail }
}

/** Units of each item that the whole order needs, parts of bundles included. */
function askedOf(demands: readonly Demand[]): { units: { sku: string; units: number }[] } {
  const asked = new Map<string, number>()
  for (const { item, units } of demands) asked.set(item.doc.sku, (asked.get(item.doc.sku) ?? 0) + units)
  return { units: [...asked].slice(0, 20).map(([sku, units]) => ({ sku, units })) }
}

/** Whether the nodes together have what all lines ask of an item, the parts of bundles included, beyond the channel's buffer at each. */
function isThere(itemNo: number, demands: readonly Demand[], channel: ChannelPolicy, facts: PlacementFacts): boolean {
  const { available } = facts.availability
  let open = 0
  let buffer = 0
  for (const { item, units } of demands) {
    if (item.itemNo !== itemNo) continue
    open += units
    buffer = bufferOf(channel, item.doc.sku)
  }
  const start = facts.availability.start(itemNo)
  for (let slot = start; slot < start + facts.availability.count(itemNo); slot++) open -= promisable(available[slot] ?? 0, buffer)
  return open <= 0
}

function reviewReasonsOf(placing: Settling, checks: Checks, facts: PlacementFacts): string[] {
  const { order, channel, origin } = placing
  const ended = origin === 'api' ? [] : order.lines.map(({ sku }) => saleEnded(facts.item(sku, order.channelId)?.doc, channel))
  const reasons: string[] = [...(placing.reviewReasons ?? []), ...ended.filter((one) => one !== undefined)]
  for (const check of ['compliance', 'tax', 'credit', 'stock'] as const) {
    const result: CheckResult = checks[check]
    if (result.verdict === 'review' || result.verdict === 'refuse') reasons.push(result.reason)
  }
  return [...new Set(reasons)]
}
