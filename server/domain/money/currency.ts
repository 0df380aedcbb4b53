import { data } from 'currency-codes'

/** ISO 4217 table (package currency-codes): code → digits after the decimal point. */
const DIGITS: ReadonlyMap<string, number> = new Map(data.map((record) => [record.code, record.digits]))

/** Digits after the point that a currency keeps (JPY 0, CNY 2, KWD 3); undefined when ISO 4217 does not know the code. */
export const currencyDigits = (code: string): number | undefined => DIGITS.get(code)
