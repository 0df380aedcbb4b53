import type { ProblemDefinition } from '../../contract/surface-problems.ts'

/** What the refusals of the trade mean for an HTTP caller. */
export const outcomeProblems: Readonly<Record<string, ProblemDefinition>> = {
  external_ref_conflict: {
    class: 'conflict',
    title: { en: 'The external reference belongs to another order', zh: '外部单号已用于不同内容的订单' },
  },
  idempotency_key_conflict: {
    class: 'conflict',
    title: { en: 'The idempotency key was used for another input', zh: '幂等键已用于不同的请求' },
  },
  channel_unknown: { class: 'contradictory', title: { en: 'The channel does not exist', zh: '渠道不存在' } },
  item_unknown: { class: 'contradictory', title: { en: 'An item does not exist', zh: '商品不存在' } },
  node_unknown: { class: 'contradictory', title: { en: 'The node does not exist', zh: '节点不存在' } },
  account_unknown: { class: 'contradictory', title: { en: 'The account does not exist', zh: '账户不存在' } },
  order_contradictory: { class: 'contradictory', title: { en: 'The order contradicts itself', zh: '订单内容自相矛盾' } },
  stock_short: { class: 'conflict', title: { en: 'Not enough stock', zh: '库存不足' } },
  credit_exceeded: { class: 'conflict', title: { en: 'The credit limit is exceeded', zh: '超出信用额度' } },
  tax_refused: { class: 'conflict', title: { en: 'Tax rules refuse the order', zh: '税务规则不允许' } },
  compliance_refused: { class: 'conflict', title: { en: 'Compliance rules refuse the order', zh: '合规规则不允许' } },
  action_not_allowed: { class: 'conflict', title: { en: 'Not possible in this state', zh: '当前状态不允许此操作' } },
  order_unknown: { class: 'notFound', title: { en: 'There is no such order', zh: '订单不存在' } },
  person_unknown: { class: 'notFound', title: { en: 'There is no such person', zh: '该人不存在' } },
  key_unknown: { class: 'notFound', title: { en: 'There is no such key', zh: '密钥不存在' } },
  inbox_unknown: { class: 'notFound', title: { en: 'There is no such inbox entry', zh: '收件箱条目不存在' } },
  cursor_invalid: { class: 'malformed', title: { en: 'The cursor is not one of this hub', zh: '游标无效' } },
  cursor_expired: { class: 'gone', title: { en: 'The cursor points below what is kept', zh: '游标已过期' } },
  signature_invalid: { class: 'unauthenticated', title: { en: 'The signature is not valid', zh: '签名无效' } },
  permission_exceeds_role: { class: 'contradictory', title: { en: 'A permission is not in the role', zh: '权限超出角色范围' } },
  login_refused: { class: 'unauthenticated', title: { en: 'Login or password is wrong', zh: '登录名或密码错误' } },
  login_throttled: { class: 'throttled', title: { en: 'Too many attempts to log in', zh: '登录尝试过于频繁' } },
}
