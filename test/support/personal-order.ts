import type { Permission, Role } from '../../contract/access.ts'
import { permissionsOfRole } from '../../contract/access.ts'
import type { Event } from '../../contract/events.ts'
import type { Line } from '../../contract/entities/order.ts'
import type { Scope } from '../../server/domain/access/principal.ts'
import type { OrderFull } from '../../server/domain/access/present-order.ts'
import type { Viewer } from '../../server/domain/access/sight.ts'

/** Everything about an order that points at a person. */
export type Personal = {
  readonly name: string
  readonly recipient: string
  readonly phone: string
  readonly email: string
  readonly companyName: string
  readonly district: string
  readonly postalCode: string
  readonly line1: string
  readonly line2: string
  readonly customerRef: string
  readonly note: string
}

export const fang: Personal = {
  name: '王芳',
  recipient: '李小龙',
  phone: '13800000000',
  email: 'fang@example.com',
  companyName: '西湖茶业',
  district: '西湖区',
  postalCode: '310012',
  line1: '文三路 1 号',
  line2: '3 单元 502',
  customerRef: 'c-4711',
  note: '王芳来电 13800000000',
}

export const viewerOf = (role: Role, scope: Scope = {}, permissions: readonly Permission[] = permissionsOfRole[role]): Viewer => ({
  role,
  scope,
  permissions: new Set(permissions),
})

const at = '2026-11-21T08:00:00.000Z'
const check = (reason: string, detail?: Record<string, unknown>) => ({
  verdict: 'review' as const,
  reason,
  at,
  ...(detail === undefined ? {} : { detail }),
})

const line = (lineRef: string, sku: string, unitPrice: number): Line => ({
  lineRef,
  sku,
  name: `item ${sku}`,
  unitPrice,
  discount: 100,
  tax: 1450,
  total: unitPrice - 100,
  taxClass: 'food',
  attributes: { spec: 'red' },
  quantity: 1,
  cancelled: 0,
  reserved: 1,
  allocated: 1,
  backordered: 0,
  released: 0,
  picked: 0,
  packed: 0,
  shipped: 0,
  delivered: 0,
})

/** An order with every field set: two lines, from node sh-1 by sf and from node gz-1 by jd. */
export function fullOrder(who: Personal): OrderFull {
  return {
    orderId: 'ord_00000000000a1',
    version: 3,
    channelId: 'shop-cn',
    channelName: 'Shop CN',
    externalRef: 'A-1',
    placedAt: at,
    receivedAt: at,
    state: 'accepted',
    phase: 'inFulfillment',
    currency: 'CNY',
    totals: { lines: 25_600, discount: 200, shipping: 800, tax: 2900, total: 26_200 },
    taxesIncluded: false,
    payments: {
      state: 'paid',
      authorised: 0,
      captured: 26_200,
      refunded: 0,
      chargedBack: 0,
      due: 0,
      refundable: 26_200,
      captureDue: 0,
      methods: [{ method: 'card', authorised: 0, captured: 26_200, refunded: 0, chargedBack: 0, refundable: 26_200 }],
      entries: [{ kind: 'capture', method: 'card', amount: 26_200, paymentRef: `pay-${who.customerRef}`, occurredAt: at }],
    },
    customer: {
      customerRef: who.customerRef,
      name: who.name,
      phone: who.phone,
      email: who.email,
      companyName: who.companyName,
      taxNumber: `T-${who.companyName}`,
    },
    accountId: 'acc-1',
    accountName: 'Blue Door Ltd',
    shipTo: {
      countryCode: 'CN',
      region: '浙江',
      city: '杭州',
      district: who.district,
      postalCode: who.postalCode,
      line1: who.line1,
      line2: who.line2,
      name: who.recipient,
      phone: who.phone,
      lat: 30.28,
      lng: 120.13,
    },
    requestedService: { carrierId: 'sf', serviceId: 'express' },
    documents: ['prescription'],
    promisedBy: at,
    note: who.note,
    attributes: { orderName: '#1001' },
    checks: {
      stock: check('stock_short', { sku: 'tea-500', asked: who.name }),
      credit: check('credit_exceeded', { limit: 10_000, exposure: 36_200 }),
      tax: check('tax_rule', { ruleId: 'cn-13', tax: 2900 }),
      compliance: check('age_unproved', { address: who.line1 }),
    },
    lines: [line('1', 'tea-500', 12_900), line('2', 'cup-1', 12_900)],
    promise: { deliverBy: at, shipBy: at, service: 'sf/standard', co2eGrams: 412.5, basis: 'configured' },
    fulfillmentOrders: [work('ful_00000000000a2', 'sh-1', 'sf', '1', 'tea-500'), work('ful_00000000000a3', 'gz-1', 'jd', '2', 'cup-1')],
    parcels: [
      parcel('par_00000000000a4', 'ful_00000000000a2', 'sh-1', 'sf', '1', 'tea-500'),
      parcel('par_00000000000a5', 'ful_00000000000a3', 'gz-1', 'jd', '2', 'cup-1'),
    ],
    eta: ETA,
    co2eGrams: 190,
    holds: [{ holdId: 'hld-1', reason: 'risk', scope: 'order', state: 'open', placedAt: at, note: who.note }],
    reviewReasons: ['credit_exceeded'],
    allowedActions: ['approve', 'decline', 'cancel', 'hold', 'release', 'payments', 'refund'],
    nextDueAt: at,
    flags: ['timesContradictory'],
  }
}

const work = (fulfillmentOrderId: string, nodeId: string, carrierId: string, lineRef: string, sku: string) => ({
  fulfillmentOrderId,
  nodeId,
  work: 'planned',
  request: 'none',
  carrierId,
  serviceId: 'standard',
  shipBy: at,
  deliverBy: at,
  lines: [{ lineRef, sku, quantity: 1 }],
})

const ETA = { at, from: at, to: at, observations: 12 }

const parcel = (parcelId: string, fulfillmentOrderId: string, nodeId: string, carrierId: string, lineRef: string, sku: string) => ({
  parcelId,
  fulfillmentOrderId,
  nodeId,
  nodeName: `Node ${nodeId}`,
  carrierId,
  serviceId: 'standard',
  trackingNo: `NO-${parcelId}`,
  weightGrams: 520,
  packedAt: at,
  lines: [{ lineRef, sku, quantity: 1 }],
  state: 'inTransit' as const,
  since: at,
  isReturning: false,
  attemptsFailed: 0,
  promisedBy: at,
  eta: ETA,
  co2eGrams: 95,
  legs: [
    {
      mode: 'van' as const,
      distanceKm: 180,
      massGrams: 520,
      co2eGrams: 95,
      factorId: 'f-van',
      source: 'published',
      sourceRow: '1',
      quality: 'default' as const,
    },
  ],
  scans: [
    {
      code: '30',
      meaning: 'departed' as const,
      occurredAt: at,
      precision: 'instant' as const,
      timeBasis: 'carrier' as const,
      place: { name: '集散中心' },
      carrierId,
      receivedAt: at,
      flags: [],
    },
  ],
})

/** Events with every kind of field that some role must not see. */
export function fullEvents(who: Personal): readonly Event[] {
  const order = fullOrder(who)
  const place = { countryCode: 'CN', region: '浙江', city: '杭州', postalCode: who.postalCode, lat: 30.28, lng: 120.13 }
  const data: Record<string, Record<string, unknown>> = {
    'order.received': {
      channelId: 'shop-cn',
      externalRef: 'A-1',
      placedAt: at,
      currency: 'CNY',
      totals: order.totals,
      shipTo: place,
      requiresPayment: true,
      lines: [{ lineRef: '1', sku: 'tea-500', quantity: 1, unitPrice: 12_900 }],
    },
    'order.reviewRequired': { checks: order.checks, reasons: ['credit_exceeded'], credit: { accountId: 'acc-1', exposure: 26_200 } },
    'order.sourced': {
      decisionNo: 1,
      kind: 'committed',
      reserved: [
        { lineRef: '1', sku: 'tea-500', nodeId: 'sh-1', quantity: 1 },
        { lineRef: '2', sku: 'cup-1', nodeId: 'gz-1', quantity: 1 },
      ],
      backordered: [],
      fulfillmentOrders: order.fulfillmentOrders,
      promise: order.promise,
      stock: [
        { sku: 'tea-500', nodeId: 'sh-1', committed: 1 },
        { sku: 'cup-1', nodeId: 'gz-1', committed: 1 },
      ],
    },
    'order.paymentRecorded': { entries: order.payments?.entries },
    'order.held': { holdId: 'hld-1', reason: 'risk', scope: 'order', note: who.note },
    'order.historyRecorded': { fact: 'delivered', flags: ['late'], detail: { customer: who.name } },
  }
  return Object.entries(data).map(([type, fields], i) => ({
    cursor: `c${i}`,
    type,
    version: 1,
    subject: { kind: 'order', id: order.orderId, version: i + 1 },
    orderId: order.orderId,
    channelId: order.channelId,
    occurredAt: at,
    recordedAt: at,
    actor: { kind: 'person', id: 'usr_00000000000a9' },
    data: fields,
  }))
}
