import { outcomes } from '../../contract/outcomes.ts'

type Reason = { readonly en: string; readonly zh: string }

/** Why a row was not taken, for people; outcomes of the engine have their own titles. */
const reasons: Readonly<Record<string, Reason>> = {
  amount_wrong: { en: 'An amount cannot be read', zh: '金额无法识别' },
  columns_wrong: { en: 'The row has another number of columns than the heading', zh: '该行列数与表头不符' },
  fact_wrong: { en: 'The row is no valid item or node', zh: '该行不是有效的商品或节点' },
  line_repeated: { en: 'Two lines of the order carry the same reference', zh: '订单行编号重复' },
  lines_too_many: { en: 'The order has too many lines', zh: '订单行过多' },
  order_missing: { en: 'The row belongs to an order that the orders table does not have', zh: '该行所属订单不在订单表中' },
  order_repeated: { en: 'An earlier row carries the same order reference', zh: '订单编号与前面的行重复' },
  payments_too_many: { en: 'The order has too many payments', zh: '支付记录过多' },
  quantity_wrong: { en: 'A quantity makes no sense', zh: '数量不合理' },
  rule_broken: { en: 'The order breaks a rule of the hub; it is kept among the parked commands', zh: '订单违反系统规则，已列入搁置命令' },
  status_unknown: { en: 'The mapping does not know this status', zh: '映射中没有该状态' },
  time_wrong: { en: 'A time cannot be read; see timeFormats of the mapping', zh: '时间无法识别，请检查映射的 timeFormats' },
  value_missing: { en: 'A required value is missing', zh: '缺少必填值' },
  value_wrong: { en: 'A value has another form than expected', zh: '值的格式与预期不符' },
}

export function reasonOf(code: string): Reason {
  return reasons[code] ?? (outcomes as Readonly<Record<string, { readonly title: Reason }>>)[code]?.title ?? { en: code, zh: code }
}
