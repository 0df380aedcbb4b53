import type { ChangeEdits, LineEdit } from '../../../contract/entities/change-set.ts'
import type { EventData } from '../../../contract/events.ts'
import { done, type Outcome, type Refusal, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { saleEnded } from '../availability/for-sale.ts'
import { type Part, takeUnits } from '../change-set/take-units.ts'
import { isAtWork } from '../fulfillment/work-machine.ts'
import { exactRate, priceSale } from '../money/price-sale.ts'
import { NO_UNITS } from '../order/no-units.ts'
import type { LineIntake, Order, OrderIntake } from '../order/state.ts'
import { checkTax } from '../tax/check-tax.ts'
import { demandsOf } from './demand.ts'
import { isDigitalLine } from './digital-line.ts'
import type { PlacementFacts } from './facts.ts'
import { shippingRateOf } from './intake-of.ts'

type Changed = EventData<'order.changed'>
/** What an edit makes of the order's own rows; sourcing of what it adds comes after. */
export type PlannedChange = {
  readonly data: Omit<Changed, 'reason' | 'changeId' | 'credit'>
  /** The order goes elsewhere or another way: what nodes hold of it is sourced anew. */
  readonly isRelocated: boolean
}

const LINES_MAX = 500

/**
 * Works an edit out on the order as it stands. Refusals, in this order: change_too_late (place and service), carrier_unknown, change_line_unknown,
 * duplicate_line_ref, item_unknown, item_discontinued, change_too_late (lines), change_empty, change_leaves_nothing, tax rules, then those of computeTotals.
 */
export function planChange(order: Order, edits: ChangeEdits, facts: PlacementFacts, now: Instant): Outcome<PlannedChange> {
  const wrong = wayRefusal(order, edits, facts) ?? namesRefusal(order, edits, facts)
  if (wrong !== undefined) return wrong
  const edited = editLines(order, edits, facts)
  if (edited.status === 'refused') return edited
  const { lines, standing, taken, stock } = edited.value
  const isRelocated = edits.service !== undefined || (edits.shipTo !== undefined && isElsewhere(order.intake.shipTo, edits.shipTo))
  const isSame = standing.length === 0 && lines.every((line, i) => line === order.intake.lines[i])
  if (isSame && !isRelocated && edits.sealed === undefined)
    return refuse('change_empty', { en: 'everything is as the change wants it already', zh: '订单已符合该变更的要求' })
  const live = lines.map((line, i) => {
    const now_ = standing.find((one) => one.lineRef === line.lineRef) ?? order.state.lines[i] ?? NO_UNITS
    return line.quantity - now_.cancelled
  })
  if (live.every((units) => units === 0))
    return refuse('change_leaves_nothing', {
      en: 'every unit would be cancelled: cancel the order',
      zh: '全部商品都将取消：请直接取消订单',
    })
  const shipTo = edits.shipTo ?? order.intake.shipTo
  const rated = ratedSale(order.intake, lines, shipTo, facts, now)
  if (rated.status === 'refused') return rated
  const priced = priceSale(rated.value, live)
  if (priced.status === 'refused') return priced
  const data = {
    sold: priced.value.lines.map((line) => ({ ...line })),
    totals: { ...priced.value.totals },
    lines: standing,
    taken,
    ...(edits.shipTo === undefined ? {} : { shipTo: edits.shipTo }),
    ...(rated.value.shippingRate === undefined ? {} : { shippingRate: { ...rated.value.shippingRate } }),
    ...(edits.service === undefined ? {} : { service: edits.service }),
    stock,
  }
  return done({ data, isRelocated })
}

/** Checks, promise and sourcing stand on the place: a street may change without them. */
export function isElsewhere(old: OrderIntake['shipTo'], now: OrderIntake['shipTo']): boolean {
  return (['countryCode', 'region', 'city', 'lat', 'lng'] as const).some((name) => old[name] !== now[name])
}

function wayRefusal({ intake, state }: Order, { shipTo, service, sealed }: ChangeEdits, facts: PlacementFacts): Refusal | undefined {
  if (shipTo === undefined && service === undefined && sealed === undefined) return undefined
  const hasLeft = state.lines.some((line, i) => line.shipped > 0 && !intake.lines[i]?.isDigital)
  const hasBegun = hasLeft || state.fulfillmentOrders.some((one) => isAtWork(one.work))
  if (hasBegun)
    return refuse(
      'change_too_late',
      { en: 'a node has begun work on the order', zh: '已有节点开始作业' },
      { pointer: shipTo === undefined ? '/service' : '/address' },
    )
  if (intake.pickup !== undefined)
    return refuse(
      'order_contradictory',
      { en: 'the buyer collects the order: it goes nowhere', zh: '订单由买家自提，没有收货地址' },
      { pointer: shipTo === undefined ? '/service' : '/address' },
    )
  const isKnown =
    service === undefined ||
    facts.network.services.some((one) => one.carrierId === service.carrierId && one.service.serviceId === service.serviceId)
  return isKnown
    ? undefined
    : refuse(
        'carrier_unknown',
        { en: 'no such carrier, or it has no such service', zh: '没有该承运商，或其没有该服务' },
        { got: service, pointer: '/service' },
      )
}

function namesRefusal({ intake }: Order, { lines = [], add = [] }: ChangeEdits, facts: PlacementFacts): Refusal | undefined {
  const refs = new Set(intake.lines.map((line) => line.lineRef))
  for (const [i, { lineRef }] of lines.entries())
    if (!refs.has(lineRef) || lines.findIndex((one) => one.lineRef === lineRef) < i)
      return refuse(
        'change_line_unknown',
        { en: 'expected each line of the order at most once', zh: '订单中的每一行最多列出一次' },
        { got: lineRef, pointer: `/lines/${i}/lineRef` },
      )
  for (const [i, { lineRef, sku }] of add.entries()) {
    if (refs.has(lineRef))
      return refuse(
        'duplicate_line_ref',
        { en: `a line is called "${lineRef}" already`, zh: `行号“${lineRef}”已被使用` },
        { got: lineRef, pointer: `/add/${i}/lineRef` },
      )
    refs.add(lineRef)
    const item = facts.item(sku)
    if (item === undefined)
      return refuse(
        'item_unknown',
        { en: `no item has the SKU "${sku}"`, zh: `没有 SKU 为“${sku}”的商品` },
        { got: sku, pointer: `/add/${i}/sku` },
      )
    if (saleEnded(item.doc, undefined) !== undefined)
      return refuse(
        'item_discontinued',
        { en: `"${sku}" is not sold any more`, zh: `商品“${sku}”已停售` },
        { got: sku, pointer: `/add/${i}/sku` },
      )
  }
  return refs.size <= LINES_MAX
    ? undefined
    : refuse(
        'order_contradictory',
        { en: `an order has at most ${LINES_MAX} lines`, zh: `一个订单最多 ${LINES_MAX} 行` },
        { got: refs.size, pointer: '/add' },
      )
}

/** Of a digital line, which either was delivered or holds nothing. */
const NOTHING_HELD = { reserved: 0, allocated: 0, backordered: 0 } as const

type Edited = Pick<Changed, 'taken'> & { lines: LineIntake[]; standing: Changed['lines']; stock: NonNullable<Changed['stock']> }

function editLines(order: Order, { lines: wanted = [], add = [] }: ChangeEdits, facts: PlacementFacts): Outcome<Edited> {
  const edited: Edited = { lines: [...order.intake.lines], standing: [], taken: [], stock: [] }
  for (const [i, edit] of wanted.entries()) {
    const refusal = editLine(order, edit, facts, edited)
    if (refusal !== undefined) return { ...refusal, pointer: `/lines/${i}` }
  }
  for (const { lineRef, sku, quantity, unitPrice, discount = 0, name, taxClass, attributes } of add) {
    const own = {
      ...(name === undefined ? {} : { name }),
      ...(taxClass === undefined ? {} : { taxClass }),
      ...(attributes === undefined ? {} : { attributes }),
    }
    const isDigital = isDigitalLine({ sku, attributes }, facts)
    edited.lines.push({ lineRef, sku, ...own, quantity, unitPrice, discount, tax: 0, total: 0, ...(isDigital ? { isDigital } : {}) })
    edited.standing.push({ lineRef, cancelled: 0, reserved: 0, allocated: 0, backordered: isDigital ? 0 : quantity })
  }
  return done(edited)
}

/** Fewer units are cancelled ones, more are ordered on top: what was ordered once stays in the ledger. */
function editLine(order: Order, edit: LineEdit, facts: PlacementFacts, into: Edited): Refusal | undefined {
  const lineNo = order.intake.lines.findIndex((line) => line.lineRef === edit.lineRef)
  const line = order.intake.lines[lineNo]
  const ledger = order.state.lines[lineNo]
  if (line === undefined || ledger === undefined)
    return refuse('change_line_unknown', { en: 'the order has no such line', zh: '订单没有该行' }, { got: edit.lineRef })
  const live = line.quantity - ledger.cancelled
  const quantity = edit.quantity ?? live
  const isPriced = (edit.unitPrice ?? line.unitPrice) !== line.unitPrice || edit.discount !== undefined
  if (quantity === live && !isPriced) return undefined
  if ((isPriced && ledger.shipped > 0) || (live > 0 && ledger.shipped >= live))
    return refuse('change_too_late', { en: 'units of the line were handed over', zh: '该行已有商品交运' }, { got: edit.lineRef })
  if (line.isDigital && quantity < live)
    into.standing.push({ lineRef: line.lineRef, ...NOTHING_HELD, cancelled: ledger.cancelled + live - quantity })
  else if (quantity < live) {
    const given = takeUnits(order, lineNo, live - quantity, partsOf(order, lineNo, facts))
    if (given === undefined)
      return refuse(
        'change_too_late',
        {
          en: 'units of the line are packed: unpack their fulfillment order, and they can be changed',
          zh: '该行已有商品打包：对其履约单拆包后即可变更',
        },
        { got: edit.lineRef },
      )
    into.standing.push({ lineRef: line.lineRef, ...given.standing })
    into.taken.push(...given.taken)
    into.stock.push(...given.stock)
  }
  if (quantity > live && !line.isDigital) {
    const { cancelled, reserved, allocated, backordered } = ledger
    into.standing.push({ lineRef: line.lineRef, cancelled, reserved, allocated, backordered: backordered + quantity - live })
  }
  const grown = Math.max(0, quantity - live)
  const granted =
    edit.discount === undefined
      ? (line.discountFor ?? { amount: line.discount, units: line.quantity })
      : { amount: edit.discount, units: quantity }
  into.lines[lineNo] = { ...line, quantity: line.quantity + grown, unitPrice: edit.unitPrice ?? line.unitPrice, discountFor: granted }
  return undefined
}

function partsOf({ intake }: Order, lineNo: number, facts: PlacementFacts): Part[] {
  const sku = intake.lines[lineNo]?.sku ?? ''
  return demandsOf([{ lineNo, sku, units: 1 }], facts, intake.channelId).map((one) => ({ sku: one.item.doc.sku, perUnit: one.perUnit }))
}

type Rated = Pick<OrderIntake, 'lines' | 'totals' | 'taxesIncluded' | 'shippingRate'>

/**
 * Old lines keep the rates they were sold with, unless the order goes to another country or region for which rules are configured; new
 * lines are rated today.
 */
function ratedSale(
  intake: OrderIntake,
  lines: readonly LineIntake[],
  shipTo: OrderIntake['shipTo'],
  facts: PlacementFacts,
  now: Instant,
): Outcome<Rated> {
  const isMoved = shipTo.countryCode !== intake.shipTo.countryCode || shipTo.region !== intake.shipTo.region
  if (!isMoved && lines.length === intake.lines.length) return done({ ...intake, lines })
  const asked = lines.map((line) => ({
    lineRef: line.lineRef,
    taxClass: line.taxClass ?? facts.item(line.sku, intake.channelId)?.doc.taxClass ?? 'standard',
  }))
  const tax = checkTax({ shipTo, isBusiness: intake.isBusiness === true, lines: asked }, facts.tax, now, 'refuse')
  if (tax.verdict === 'refuse')
    return refuse(
      tax.reason,
      { en: 'the tax check does not let this change through', zh: '税务检查未放行该变更' },
      { got: tax.detail ?? {} },
    )
  const isRated = isMoved && tax.verdict !== 'default'
  const rated = lines.map((line, i): LineIntake => {
    if (!isRated && i < intake.lines.length) return line
    const { taxRate: _, ...rest } = line
    const rate = tax.rates.lines[i]
    const taxRate = rate === undefined ? undefined : exactRate(rate)
    return taxRate === undefined ? rest : { ...rest, taxRate }
  })
  const { shippingRate, ...rest } = intake
  const own = isRated ? shippingRateOf(tax.rates) : shippingRate === undefined ? {} : { shippingRate }
  return done({ ...rest, ...own, lines: rated })
}
