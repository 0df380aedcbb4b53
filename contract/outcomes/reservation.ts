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
} as const
