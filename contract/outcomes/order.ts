import { outcome } from './definition.ts'

/** What an order says about itself and names of others: found before the checks run. */
export const orderOutcomes = {
  external_ref_conflict: outcome(
    'conflict',
    ['The external reference belongs to another order', '(channelId, externalRef) names one order: other input under it is refused.'],
    ['外部单号已用于不同内容的订单', '(channelId, externalRef) 唯一标识一个订单：内容不同则拒绝。'],
  ),
  channel_unknown: outcome(
    'contradictory',
    ['The channel does not exist', 'The channel must be configured first.'],
    ['渠道不存在', '须先配置渠道。'],
  ),
  channel_closed: outcome(
    'conflict',
    ['The channel is closed', 'A channel that is `closed` takes no new orders; those it has go on.'],
    ['渠道已关闭', '已关闭（`closed`）的渠道不再接受新订单；已有订单不受影响。'],
  ),
  channel_platform_mismatch: outcome(
    'contradictory',
    ['The channel is of another platform', 'A body must come in the form of its channel’s platform; direct channels have none.'],
    ['渠道平台不符', '报文格式必须与渠道的平台一致；直连渠道没有平台报文。'],
  ),
  currency_unknown: outcome(
    'contradictory',
    ['The currency is not known', 'A currency is an ISO 4217 code that is in use.'],
    ['货币代码未知', '货币须为现行的 ISO 4217 代码。'],
  ),
  currency_mismatch: outcome(
    'contradictory',
    ['The currency is another one', 'An order has the currency of its account, and of its channel where that names one.'],
    ['币种不符', '订单币种必须与其账户一致；渠道指定币种时亦须一致。'],
  ),
  duplicate_line_ref: outcome(
    'contradictory',
    ['Two lines have the same lineRef', 'Within an order every lineRef is used once.'],
    ['行号重复', '同一订单中每个 lineRef 只能出现一次。'],
  ),
  order_contradictory: outcome(
    'contradictory',
    ['The order contradicts itself', 'Fields of one order must agree with each other.'],
    ['订单内容自相矛盾', '同一订单的各字段必须一致。'],
  ),
  payment_amount_invalid: outcome(
    'contradictory',
    ['The payment amount is not valid', 'A payment amount is a positive integer; an adjustment any integer but 0.'],
    ['支付金额无效', '支付金额为正整数；调整可为 0 以外的任意整数。'],
  ),
  item_unknown: outcome(
    'contradictory',
    ['An item does not exist', 'Every sku must be a known item, or an alias of one in this channel.'],
    ['商品不存在', '每个 sku 必须是已知商品，或其在该渠道的别名。'],
  ),
  item_discontinued: outcome(
    'conflict',
    ['An item is not sold any more', 'An item that is `discontinued` takes no new orders; what was sold or held of it before goes on.'],
    ['商品已停售', '已停售（`discontinued`）的商品不再接受新订单；此前售出或预留的不受影响。'],
  ),
  node_unknown: outcome(
    'contradictory',
    ['The node does not exist', 'The node must be configured first.'],
    ['节点不存在', '须先配置节点。'],
  ),
  pickup_unavailable: outcome(
    'contradictory',
    ['It cannot be collected there', 'A pick-up node gives goods out to buyers (`pickup`), is open and serves the channel.'],
    ['该处不可自提', '自提节点须开放自提（`pickup`）、未停用且服务该渠道。'],
  ),
  amount_negative: outcome(
    'contradictory',
    ['An amount is negative', 'Prices, quantities, shipping and discounts are not negative.'],
    ['金额为负', '价格、数量、运费与折扣不能为负。'],
  ),
  amount_too_large: outcome(
    'contradictory',
    ['The order is worth too much', 'No line and no total exceeds 9,000,000,000,000 minor units.'],
    ['金额过大', '任何行或总额不得超过 9,000,000,000,000 个最小货币单位。'],
  ),
  discount_exceeds_value: outcome(
    'contradictory',
    [
      'The discount is greater than the value',
      'A line’s discount is at most its price, the order’s at most what its lines are worth after theirs.',
    ],
    ['折扣超过价值', '行折扣不得超过行金额，订单折扣不得超过行折后金额之和。'],
  ),
  capture_exceeds_authorised: outcome(
    'conflict',
    ['More than is authorised', 'A capture that names an authorised payment takes at most what of it is neither captured nor voided.'],
    ['超过已授权金额', '指明某笔授权的扣款不得超过其尚未扣款且未撤销的金额。'],
  ),
  void_exceeds_authorised: outcome(
    'conflict',
    ['More than is authorised', 'A void takes back at most what is authorised by that method and not captured.'],
    ['超过已授权金额', '撤销金额不得超过该方式已授权而未扣款的金额。'],
  ),
  refund_exceeds_captured: outcome(
    'conflict',
    ['More than was captured', 'Refunds by a method are at most what it captured, unless a cross-method refund is permitted.'],
    ['超过已扣款金额', '按支付方式的退款总额不得超过该方式的扣款，除非允许跨方式退款。'],
  ),
  chargeback_exceeds_captured: outcome(
    'conflict',
    ['More than was captured', 'Chargebacks by a method are at most what it captured.'],
    ['超过已扣款金额', '按支付方式的拒付总额不得超过该方式的扣款。'],
  ),
} as const
