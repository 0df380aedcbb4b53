import type { Bilingual } from './capability.ts'
import { outcomes } from './outcomes.ts'

/** What each issue code of a body means, for people; the issue itself adds path, expectation and value. */
export const issueTexts: Readonly<Record<string, Bilingual>> = {
  address_fallback: { en: 'No delivery address; another address of the order was taken', zh: '没有收货地址，已改用订单中的其他地址' },
  address_missing: { en: 'No address in the order', zh: '订单中没有地址' },
  already_fulfilled: { en: 'The platform says that it has been shipped', zh: '平台显示已发货' },
  body_too_deep: { en: 'The body is nested too deeply', zh: '报文嵌套过深' },
  body_too_large: { en: 'The body is too large', zh: '报文过大' },
  body_too_wide: { en: 'The body holds too many values', zh: '报文字段过多' },
  buyer_encrypted: { en: 'The buyer is encrypted by the platform', zh: '买家信息已被平台加密' },
  charges_in_shipping: { en: 'Fees, tips or duties were added to shipping', zh: '附加费、小费或关税已计入运费' },
  contract_refuses: { en: 'A value breaks the rules for orders', zh: '字段值不符合订单规则' },
  currency_unknown: { en: 'Unknown currency', zh: '未知币种' },
  fallback_used: { en: 'A substitute was taken for an empty field', zh: '字段为空，已使用替代字段' },
  field_missing: { en: 'A required field is missing', zh: '缺少必填字段' },
  field_wrong: { en: 'A field has another form than expected', zh: '字段格式与预期不符' },
  fields_unknown: { en: 'Fields that the mapping does not know were kept', zh: '未知字段已保留' },
  final_payment_due: { en: 'The final payment of a presale is due', zh: '预售尾款未付' },
  gateway_error: { en: 'The gateway answered with an error', zh: '网关返回错误' },
  line_negative: { en: 'A line costs less than nothing', zh: '订单行金额为负' },
  line_ref_repeated: { en: 'Two lines carry the same reference', zh: '订单行编号重复' },
  line_removed: { en: 'The platform took a line out', zh: '平台已移除该订单行' },
  lines_missing: { en: 'The order has no lines', zh: '订单没有商品行' },
  lines_too_many: { en: 'The order has too many lines', zh: '订单行过多' },
  money_rounded: { en: 'An amount had more digits than its currency', zh: '金额小数位超出币种精度，已四舍五入' },
  money_wrong: { en: 'An amount cannot be read', zh: '金额无法识别' },
  not_an_order: { en: 'The body is no order', zh: '报文不是订单' },
  not_json: { en: 'The body is not JSON', zh: '报文不是 JSON' },
  nothing_left: { en: 'The platform took every line out', zh: '平台已移除全部订单行' },
  orders_too_many: { en: 'Too many orders in one body', zh: '单个报文中的订单过多' },
  payments_too_many: { en: 'Too many payments', zh: '支付记录过多' },
  ping: { en: 'A test call of the platform', zh: '平台测试请求' },
  platform_unmapped: { en: 'No mapping for this platform', zh: '该平台没有映射' },
  quantity_wrong: { en: 'A quantity makes no sense', zh: '数量不合理' },
  tax_unplaced: { en: 'Tax on what costs nothing was left out', zh: '金额为零的项目带有税额，已忽略' },
  test_order: { en: 'A test order', zh: '测试订单' },
  text_cut: { en: 'A text was cut to its greatest length', zh: '文本过长，已截断' },
  zone_assumed: { en: 'A time without zone was read as UTC: the channel has no zone', zh: '时间未带时区且渠道未设时区，已按 UTC 处理' },
  total_contradicts: { en: 'The amounts do not make the total', zh: '各项金额与总额不符' },
}

/** Why a person looks at a later body: what it changes of the sale is never changed by itself. */
export const changeTexts: Readonly<Record<string, Bilingual>> = {
  cancellation_withdrawn: { en: 'The platform took its cancellation back', zh: '平台撤回了取消' },
  cancelled_by_channel: { en: 'Cancelled on the platform', zh: '平台已取消' },
  currency_changed: { en: 'The platform changed the currency', zh: '平台更改了币种' },
  destination_changed: { en: 'The platform changed the destination', zh: '平台更改了收货城市' },
  discount_changed: { en: 'The platform changed the discount', zh: '平台更改了优惠' },
  lines_added: { en: 'The platform added lines', zh: '平台新增了商品行' },
  lines_removed: { en: 'The platform took lines out', zh: '平台移除了商品行' },
  payment_withdrawn: { en: 'A payment that the platform told of is gone', zh: '平台此前告知的付款已撤回' },
  price_changed: { en: 'The platform changed a price', zh: '平台更改了价格' },
  quantity_changed: { en: 'The platform changed a quantity', zh: '平台更改了数量' },
  reference_changed: { en: 'The platform changed the reference', zh: '平台更改了订单号' },
  shipping_changed: { en: 'The platform changed the shipping charge', zh: '平台更改了运费' },
  sku_changed: { en: 'The platform changed an item', zh: '平台更改了商品' },
  tax_basis_changed: { en: 'The platform changed whether prices include tax', zh: '平台更改了价格含税方式' },
  tax_changed: { en: 'The platform changed the tax', zh: '平台更改了税额' },
}

/** The words for what is wrong with a body: by its mapping, or by a rule of the hub that it breaks. Undefined for a code of neither. */
export function issueText(code: string): Bilingual | undefined {
  const rules: Readonly<Record<string, { readonly title: Bilingual }>> = outcomes
  return issueTexts[code] ?? changeTexts[code] ?? rules[code]?.title
}
