/** Currencies (and units of account) that do not keep two digits after the point, by ISO 4217. */
const NO_DIGITS =
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' ')
const THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ')
const OTHER_DIGITS: ReadonlyMap<string, number> = new Map<string, number>([
  ...NO_DIGITS.map((code): [string, number] => [code, 0]),
  ...THREE_DIGITS.map((code): [string, number] => [code, 3]),
  ['CLF', 4],
  ['UYW', 4],
])

/**
 * Digits after the point of an amount of this currency (JPY 0, CNY 2, KWD 3): what an amount in minor units is divided by, as a power of ten. Those of
 * ISO 4217, which `Intl` does not follow: it writes HUF, COP or PKR without the two digits that the hub's amounts have.
 */
export const minorDigits = (currency: string): number => OTHER_DIGITS.get(currency) ?? 2
