import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, Ref } from '../entities/basics.ts'
import { pageOf, pageQuery, Problem } from '../entities/page.ts'
import { Reservation, ReservationExtension, ReservationInput } from '../entities/reservation.ts'

export const ReservationIdText = Type.String({ pattern: '^rsv_[0-7][0-9a-hjkmnp-tv-z]{12}$' })
const params = Type.Object({ reservationId: ReservationIdText }, closed)
const makingOutcomes = [
  'scope_violation',
  'channel_unknown',
  'channel_closed',
  'item_unknown',
  'item_discontinued',
  'node_unknown',
  'bundle_not_reservable',
  'reservation_key_conflict',
  'stock_short',
] as const

/** One answer line of many reservations; `index` counts the input lines from 0. */
export const ReservationLineResult = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  status: Type.Union([Type.Literal('created'), Type.Literal('existing'), Type.Literal('refused')]),
  reservation: Type.Optional(Reservation),
  problem: Type.Optional(Problem),
})

export const reservationList = [
  defineCapability({
    name: 'reservation.make',
    method: 'POST',
    path: '/v1/reservations',
    kind: 'write',
    permission: 'stock.reserve',
    summary: { en: 'Hold stock of one item for a cart', zh: '为购物车预留单个商品的库存' },
    description: {
      en: '201 for a new reservation; 200 with the one that is there when the key was used with the same input, also once it has ended.',
      zh: '新建返回 201；同一键与相同内容再次请求返回 200 与已有的预留，即使其已结束。',
    },
    body: ReservationInput,
    output: { 200: Reservation, 201: Reservation },
    outcomes: makingOutcomes,
    slaMs: 50,
  }),
  defineCapability({
    name: 'reservation.makeMany',
    method: 'POST',
    path: '/v1/reservations/bulk',
    kind: 'write',
    permission: 'stock.reserve',
    summary: { en: 'Hold stock for many carts, one JSON object a line', zh: '批量预留库存，每行一个 JSON 对象' },
    description: {
      en: 'NDJSON in and out, one answer line for each input line in the same order. Each line is granted or refused by itself.',
      zh: '输入与输出均为 NDJSON，每个输入行按原顺序对应一个结果行。各行独立预留或拒绝。',
    },
    body: ReservationInput,
    output: { 200: ReservationLineResult },
    streaming: 'ndjson',
    outcomes: makingOutcomes,
    slaMs: 1000,
  }),
  defineCapability({
    name: 'reservation.list',
    method: 'GET',
    path: '/v1/reservations',
    kind: 'read',
    permission: 'stock.read',
    summary: { en: 'Stock that is held for carts, first to run out first', zh: '列出购物车预留，先到期者在前' },
    description: {
      en: 'With `key` the one of that key in any state; otherwise those that hold stock. A page may hold fewer than asked for while `next` is there.',
      zh: '带 `key` 时返回该键的预留（任何状态）；否则返回仍占用库存者。只要有 `next`，一页可能少于所请求的数量。',
    },
    query: Type.Object(
      {
        ...pageQuery(200),
        key: Type.Optional(Ref),
        sku: Type.Optional(Ref),
        nodeId: Type.Optional(Ref),
        channelId: Type.Optional(Ref),
      },
      closed,
    ),
    output: { 200: pageOf(Reservation) },
    outcomes: [],
    slaMs: 100,
  }),
  defineCapability({
    name: 'reservation.get',
    method: 'GET',
    path: '/v1/reservations/{reservationId}',
    kind: 'read',
    permission: 'stock.read',
    summary: { en: 'Read a reservation', zh: '读取预留' },
    params,
    output: { 200: Reservation },
    outcomes: ['reservation_unknown'],
    slaMs: 25,
  }),
  defineCapability({
    name: 'reservation.extend',
    method: 'POST',
    path: '/v1/reservations/{reservationId}/extend',
    kind: 'write',
    permission: 'stock.reserve',
    summary: { en: 'Hold the stock longer', zh: '延长预留' },
    params,
    body: ReservationExtension,
    versioned: true,
    output: { 200: Reservation },
    outcomes: ['reservation_unknown', 'version_conflict', 'action_not_allowed', 'reservation_expired'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'reservation.release',
    method: 'POST',
    path: '/v1/reservations/{reservationId}/release',
    kind: 'write',
    permission: 'stock.reserve',
    summary: { en: 'Give the stock back', zh: '释放预留' },
    description: {
      en: 'A reservation that has ended by itself is answered as it stands; one that an order took over is refused.',
      zh: '已自行结束的预留按现状返回；已被订单接管的则拒绝。',
    },
    params,
    body: Type.Object({}, closed),
    versioned: true,
    output: { 200: Reservation },
    outcomes: ['reservation_unknown', 'version_conflict', 'action_not_allowed'],
    slaMs: 50,
  }),
] as const
