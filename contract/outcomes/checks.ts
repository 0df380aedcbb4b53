import { outcome } from './definition.ts'

/** What the four checks, promise and sourcing may refuse, in the order in which they are asked. */
export const checkOutcomes = {
  restricted_destination: outcome(
    'conflict',
    ['May not be sold to this destination', 'A compliance rule forbids the item at the destination.'],
    ['目的地禁售', '合规规则禁止向该目的地销售该商品。'],
  ),
  restricted_item: outcome(
    'conflict',
    ['May not be sold', 'A compliance rule forbids the item.'],
    ['商品禁售', '合规规则禁止销售该商品。'],
  ),
  hazardous_forbidden: outcome(
    'conflict',
    ['Hazardous goods may not be sold here', 'A compliance rule forbids hazardous goods in this case.'],
    ['禁售危险品', '合规规则在此情形下禁止销售危险品。'],
  ),
  minimum_age: outcome(
    'conflict',
    ['The buyer is too young', 'The buyer must have reached the age that the rule names.'],
    ['未达最低年龄', '买方须达到规则要求的年龄。'],
  ),
  age_unknown: outcome(
    'conflict',
    ['The buyer’s age is not known', 'An item with a minimum age needs the buyer’s birthday.'],
    ['买方年龄未知', '有最低年龄要求的商品须提供买方出生日期。'],
  ),
  document_missing: outcome(
    'conflict',
    ['A document is missing', 'The order must name every document that the rule demands.'],
    ['缺少单证', '订单须列出规则要求的全部单证。'],
  ),
  quantity_limit_exceeded: outcome(
    'conflict',
    ['Too many units', 'The units of all lines that the rule is about stay within its limit together.'],
    ['超过限购数量', '规则涉及的各行数量之和不得超过限量。'],
  ),
  tax_contradicts: outcome(
    'conflict',
    [
      'The tax is not what the rules give',
      'Tax that the shop charged must be what the tax rules give, but for one minor unit of rounding a line.',
    ],
    ['税额与规则不符', '店铺所收税额须与税率规则的计算结果一致，每行仅允许一个最小货币单位的舍入差。'],
  ),
  tax_rule_missing: outcome(
    'conflict',
    [
      'No tax rule for this destination',
      'Where tax rules are configured, every line needs one that matches its destination, class and buyer.',
    ],
    ['缺少税率规则', '配置税率规则后，每一行都须有与目的地、税类与买方匹配的规则。'],
  ),
  tax_rule_conflict: outcome(
    'conflict',
    ['Too many taxes at once', 'At most 8 tax components apply to one thing.'],
    ['税率规则冲突', '同一对象最多适用 8 个税种。'],
  ),
  account_unknown: outcome(
    'contradictory',
    ['The account does not exist', 'An accountId must name a configured account.'],
    ['账户不存在', 'accountId 必须是已配置的账户。'],
  ),
  account_blocked: outcome(
    'conflict',
    ['The account is blocked', 'A blocked account takes no new orders.'],
    ['账户已冻结', '已冻结的账户不能新增订单。'],
  ),
  credit_limit_exceeded: outcome(
    'conflict',
    ['The credit limit is exceeded', 'Exposure and what this order owes stay within the credit limit together.'],
    ['超出信用额度', '已占用额度与本单欠款之和不得超过信用额度。'],
  ),
  stock_short: outcome(
    'conflict',
    ['Not enough stock', 'The nodes that may serve the order must be able to promise every unit of it.'],
    ['库存不足', '可服务该订单的节点必须能承诺其全部数量。'],
  ),
  capacity_exhausted: outcome(
    'conflict',
    ['No capacity left', 'A node takes at most its capacity of fulfillment orders a day.'],
    ['产能已满', '节点每日履约单数量不得超过其产能。'],
  ),
  unroutable: outcome(
    'conflict',
    ['No node can serve the order', 'There must be a plan that breaks no hard constraint.'],
    ['无可用节点', '必须存在不违反硬性约束的履约方案。'],
  ),
  promise_unavailable: outcome(
    'conflict',
    ['No date can be promised', 'A service must reach the place within the horizon.'],
    ['无法承诺送达时间', '必须有物流服务可在时限内送达。'],
  ),
  reservation_expired: outcome(
    'conflict',
    ['The reservation has run out', 'Stock is held until its time runs out; afterwards it must be reserved or checked again.'],
    ['预留已过期', '库存仅预留至到期；之后须重新预留或检查。'],
  ),
} as const
