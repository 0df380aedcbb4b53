import type { AccountInput } from '../../contract/entities/account.ts'
import type { CalendarInput } from '../../contract/entities/calendar.ts'
import type { ComplianceRuleInput } from '../../contract/entities/compliance-rule.ts'
import type { TaxRuleInput } from '../../contract/entities/tax-rule.ts'
import { randomOf } from '../random.ts'
import { HOURS } from './hours.ts'

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
const weekly = ({ days, from, to }: (typeof HOURS)[keyof typeof HOURS]): NonNullable<CalendarInput['weekly']> => [
  { days: [...days], hours: [{ from: clock(from), to: clock(to) }] },
]

export const calendars = (): readonly CalendarInput[] => [
  { calendarId: 'every-day', name: '每天', weekly: weekly(HOURS['every-day']) },
  { calendarId: 'long-days', name: '每天 07–23 点', weekly: weekly(HOURS['long-days']) },
  { calendarId: 'six-days', name: '周一至周六', country: 'CN', weekly: weekly(HOURS['six-days']) },
  { calendarId: 'office-days', name: '工作日', country: 'CN', weekly: weekly(HOURS['office-days']) },
]

export const taxRules = (): readonly TaxRuleInput[] => [
  { ruleId: 'vat-standard', name: '增值税 13%', countryCode: 'CN', ratePpm: 130_000 },
  { ruleId: 'vat-food', name: '增值税 9%', countryCode: 'CN', taxClass: 'food', ratePpm: 90_000 },
  { ruleId: 'vat-service', name: '增值税 6%', countryCode: 'CN', taxClass: 'service', ratePpm: 60_000 },
]

export const complianceRules = (): readonly ComplianceRuleInput[] => [
  {
    ruleId: 'danger-limit',
    name: { en: 'Hazardous goods: at most 6 units', 'zh-CN': '危险品单笔限 6 件' },
    match: { countryCode: 'CN', attributes: { hazardous: true } },
    demand: { maxQuantity: 6, nodeCapability: 'hazardous', serviceCapability: 'hazardous' },
    action: 'refuse',
  },
  {
    ruleId: 'danger-remote',
    name: { en: 'Hazardous goods do not go to Tibet', 'zh-CN': '危险品不发往西藏' },
    match: { countryCode: 'CN', region: '西藏', attributes: { hazardous: true } },
    demand: { forbid: true },
    action: 'refuse',
  },
  {
    ruleId: 'many-units',
    name: { en: 'Appliances: more than 3 are looked at', 'zh-CN': '家电超过 3 件需人工审核' },
    match: { countryCode: 'CN', skus: Array.from({ length: 160 }, (_, i) => `DEVICE-${String(i + 1).padStart(3, '0')}`) },
    demand: { maxQuantity: 3 },
    action: 'review',
  },
]

export const ACCOUNTS = 40

/** Business customers; some may owe little. */
export function accounts(seed: number): readonly AccountInput[] {
  const random = randomOf(seed, 'accounts')
  const trades = ['餐饮', '科技', '教育', '物业', '酒店', '商贸', '医疗', '建设']
  const names = ['恒远', '嘉禾', '新域', '启明', '同心', '北辰', '海澜', '云帆', '百川', '鼎立']
  return Array.from({ length: ACCOUNTS }, (_, i) => ({
    accountId: `corp-${String(i + 1).padStart(3, '0')}`,
    name: `${names[i % names.length]}${trades[Math.floor(i / 5) % trades.length]}有限公司`,
    currency: 'CNY',
    creditLimit: random.between(5, 80) * 1_000_000,
    terms: { netDays: 30 },
    businessCustomer: true,
  }))
}
