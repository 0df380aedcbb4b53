import type { Bilingual } from './capability.ts'
import { outcomes, type OutcomeCode } from './outcomes.ts'

/** Reasons of verdicts that are no refusal; those that are have the code of their outcome. */
export const passReasons = {
  default: { en: 'Nothing is configured: the default applied', zh: '未配置规则：按默认处理' },
  not_checked: { en: 'This check has not run', zh: '未进行此项检查' },
  backordered: { en: 'What is short waits for stock', zh: '缺货部分等待补货' },
  stock_reserved: { en: 'Stock is reserved', zh: '库存已预留' },
  no_stock_needed: { en: 'Digital goods need no stock', zh: '数字商品无需库存' },
  no_account: { en: 'The order is on no account', zh: '订单不使用信用账户' },
  credit_within_limit: { en: 'Within the credit limit', zh: '在信用额度之内' },
  tax_as_stated: { en: 'No tax rule is configured: the tax that the shop charged was taken', zh: '未配置税率规则：采用店铺已收税额' },
  tax_rated: { en: 'Every line has a tax rate', zh: '各行均已确定税率' },
  rules_set_aside: {
    en: 'No node fits the rules that leave it to a person: planned without them, a person decides',
    zh: '没有节点满足可由人工放行的规则：已暂不计这些规则进行规划，待人工确认',
  },
  compliance_passed: { en: 'No compliance rule is broken', zh: '未违反合规规则' },
} as const satisfies Record<string, Bilingual>

export type CheckReason = keyof typeof passReasons | OutcomeCode

/** What a person reads for the reason of a check; undefined for a code that neither list knows. */
export function textOfReason(reason: string): Bilingual | undefined {
  const texts: Readonly<Record<string, Bilingual>> = passReasons
  const refusals: Readonly<Record<string, { readonly title: Bilingual }>> = outcomes
  return texts[reason] ?? refusals[reason]?.title
}
