import { outcome } from './definition.ts'

/** Stock held for a cart, before there is an order. */
export const reservationOutcomes = {
  reservation_unknown: outcome(
    'notFound',
    ['There is no such reservation', 'The reservation must exist within the scope of the credential.'],
    ['预留不存在', '预留必须存在且在凭证范围之内。'],
  ),
  bundle_not_reservable: outcome(
    'contradictory',
    ['A bundle holds no stock of its own', 'A reservation is of one item: the parts of a bundle are reserved one by one.'],
    ['组合商品没有自身库存', '一个预留只针对一个商品：组合商品须逐个部件预留。'],
  ),
  reservation_key_conflict: outcome(
    'conflict',
    ['The key belongs to another reservation', '(channelId, key) names one reservation: other input under it is refused.'],
    ['预留键已用于不同的内容', '(channelId, key) 唯一标识一个预留：内容不同则拒绝。'],
  ),
  reservation_taken: outcome(
    'conflict',
    ['Another order has the reservation', 'A reservation is taken over by one order.'],
    ['预留已被其他订单接管', '一个预留只能被一个订单接管。'],
  ),
  reservation_mismatch: outcome(
    'conflict',
    [
      'The reservation is of something else',
      'An order takes over reservations of its own channel, of items that it asks for, whole and each once.',
    ],
    ['预留与订单不符', '订单只能接管本渠道、所购商品的预留，须整体接管且每个只能列出一次。'],
  ),
  reservation_unusable: outcome(
    'conflict',
    ['The reserved stock cannot serve the order', 'The node that holds the stock must be able to ship the order within its rules.'],
    ['预留库存无法履约', '持有预留库存的节点须能在规则内发货。'],
  ),
} as const
