const SHAPE = /^[A-Z]{2}$/
const english = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const chinese = new Intl.DisplayNames(['zh-CN'], { type: 'region', fallback: 'none' })

/** Names that shops send and that Unicode spells otherwise. */
const others: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  'south korea': 'KR',
  'korea, republic of': 'KR',
  'russian federation': 'RU',
  'viet nam': 'VN',
  'hong kong': 'HK',
  macao: 'MO',
  macau: 'MO',
  turkey: 'TR',
  'czech republic': 'CZ',
  香港: 'HK',
  澳门: 'MO',
  中国大陆: 'CN',
  中华人民共和国: 'CN',
}

/** Groups and placeholders that Unicode lists beside countries. */
const noCountries: ReadonlySet<string> = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ'])

/** Withdrawn codes (DD, SU, YU …) have a successor in Unicode and are no countries any more. */
function askUnicode(code: string): boolean {
  return !noCountries.has(code) && english.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code
}

/** Asking takes 40 µs; there are at most 676 codes to remember. */
const asked = new Map<string, boolean>()
function isCountry(code: string): boolean {
  if (!SHAPE.test(code)) return false
  const known = asked.get(code) ?? askUnicode(code)
  asked.set(code, known)
  return known
}

function namesToCodes(): ReadonlyMap<string, string> {
  const names = new Map<string, string>(Object.entries(others))
  const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i))
  const codes = letters.flatMap((a) => letters.map((b) => a + b)).filter(isCountry)
  for (const code of codes)
    for (const list of [english, chinese]) {
      const name = list.of(code)?.toLowerCase()
      if (name !== undefined && !names.has(name)) names.set(name, code)
    }
  return names
}
let names: ReadonlyMap<string, string> | undefined

/** ISO 3166-1 alpha-2 code from a code or an English or Chinese name; undefined when it is neither. */
export function countryCode(text: string): string | undefined {
  const upper = text.toUpperCase()
  if (isCountry(upper)) return upper
  names ??= namesToCodes()
  return names.get(text.toLowerCase())
}
