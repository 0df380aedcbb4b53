import type { TaxRule } from '../../../contract/entities/tax-rule.ts'
import { DAY } from '../../kernel/time.ts'
import { comparableRegion } from '../place/region.ts'
import { TAX_COMPONENTS_MAX, taxRate, type TaxRate } from './rate.ts'

const dayOf = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Date.parse(text) / DAY)

type Row = { readonly rule: TaxRule; readonly region: string; readonly from: number; readonly to: number }
/** A rate, or why there is none. */
export type RateAnswer = TaxRate | 'missing' | 'conflict'
type Target = 'lines' | 'shipping'
type CountryRows = {
  /** Whether any row begins or ends to be valid: else no day needs to be known. */
  readonly isDated: boolean
  /** Most specific first. */
  readonly rows: readonly Row[]
  readonly regions: ReadonlySet<string>
  readonly classes: ReadonlySet<string>
  /** Answers of one day by region, class and buyer; bounded, because names that no rule mentions share one entry. */
  readonly answers: Map<string, Map<string, RateAnswer>>
  answersDay: number
}

/** The tax table, made fast: rules by country, answers remembered for a day. It is a value; the memory inside only saves work. */
export type TaxTable = {
  /** The last day on which any rule applies: after it there is no table. */
  readonly until: number
  readonly countries: ReadonlyMap<string, CountryRows>
}

/** Compiles rules once for many orders; recompile when a rule changes. */
export function compileTaxTable(rules: readonly TaxRule[]): TaxTable {
  const byCountry = new Map<string, Row[]>()
  for (const rule of rules) {
    const region = comparableRegion(rule.countryCode, rule.region)
    const row = { rule, region, from: dayOf(rule.validFrom, -Infinity), to: dayOf(rule.validTo, Infinity) }
    const rows = byCountry.get(rule.countryCode)
    if (rows === undefined) byCountry.set(rule.countryCode, [row])
    else rows.push(row)
  }
  const countries = new Map<string, CountryRows>()
  for (const [countryCode, rows] of byCountry) {
    countries.set(countryCode, {
      isDated: rows.some((row) => row.from !== -Infinity || row.to !== Infinity),
      rows: rows.toSorted(bySpecificity),
      regions: new Set(rows.map((row) => row.region)),
      classes: new Set(rows.map((row) => row.rule.taxClass ?? '')),
      answers: new Map(),
      answersDay: -Infinity,
    })
  }
  return { until: Math.max(-Infinity, ...rules.map((rule) => dayOf(rule.validTo, Infinity))), countries }
}

/** region before taxClass before b2b, then the later validFrom, then the smaller ruleId. */
function bySpecificity(a: Row, b: Row): number {
  const weight = weightOf(b) - weightOf(a)
  if (weight !== 0) return weight
  if (a.from !== b.from) return a.from > b.from ? -1 : 1
  return a.rule.ruleId < b.rule.ruleId ? -1 : 1
}

const weightOf = ({ region, rule }: Row): number =>
  (region === '' ? 0 : 4) + (rule.taxClass === undefined ? 0 : 2) + (rule.b2b === undefined ? 0 : 1)

/** What a lookup asks; `region` is a {@link comparableRegion}. */
export type RateQuestion = { readonly target: Target; readonly region: string; readonly taxClass: string; readonly isBusiness: boolean }

/** The rate of one thing in one country on one day; the same object for the same answer on that day. */
export function findRate(country: CountryRows, question: RateQuestion, day: number): RateAnswer {
  if (country.answersDay !== day) {
    country.answers.clear()
    country.answersDay = day
  }
  const region = country.regions.has(question.region) ? question.region : ''
  const taxClass = country.classes.has(question.taxClass) ? question.taxClass : ''
  const slot = question.target === 'shipping' ? (question.isBusiness ? 'sb' : 's') : question.isBusiness ? 'b' : ''
  let byClass = country.answers.get(region + '\u0000' + slot)
  if (byClass === undefined) country.answers.set(region + '\u0000' + slot, (byClass = new Map()))
  const before = byClass.get(taxClass)
  if (before !== undefined) return before
  const answer = resolve(country, { ...question, region, taxClass }, day)
  byClass.set(taxClass, answer)
  return answer
}

function resolve(country: CountryRows, question: RateQuestion, day: number): RateAnswer {
  const chosen = new Map<string, TaxRule>()
  for (const row of country.rows) {
    const component = row.rule.component ?? 'tax'
    if (!chosen.has(component) && applies(row, question, day)) chosen.set(component, row.rule)
  }
  if (chosen.size === 0) return 'missing'
  return chosen.size > TAX_COMPONENTS_MAX ? 'conflict' : taxRate([...chosen.values()])
}

function applies({ rule, region, from, to }: Row, question: RateQuestion, day: number): boolean {
  const target = rule.appliesTo ?? 'lines'
  return (
    (target === question.target || target === 'both') &&
    (region === '' || region === question.region) &&
    (rule.taxClass === undefined || rule.taxClass === question.taxClass) &&
    (rule.b2b === undefined || rule.b2b === question.isBusiness) &&
    from <= day &&
    day <= to
  )
}
