/** Contact fields as they are compared: what people and platforms write differently becomes the same text. */

/** Calling code and the trunk digit dialled before national numbers (ITU-T E.164 and E.123 annexes). */
const CALLING: Readonly<Record<string, readonly [code: string, trunk: string]>> = {
  AE: ['971', '0'],
  AR: ['54', '0'],
  AT: ['43', '0'],
  AU: ['61', '0'],
  BE: ['32', '0'],
  BR: ['55', '0'],
  CA: ['1', '1'],
  CH: ['41', '0'],
  CL: ['56', ''],
  CN: ['86', '0'],
  CO: ['57', ''],
  CZ: ['420', ''],
  DE: ['49', '0'],
  DK: ['45', ''],
  EG: ['20', '0'],
  ES: ['34', ''],
  FI: ['358', '0'],
  FR: ['33', '0'],
  GB: ['44', '0'],
  GR: ['30', ''],
  HK: ['852', ''],
  HU: ['36', '06'],
  ID: ['62', '0'],
  IE: ['353', '0'],
  IL: ['972', '0'],
  IN: ['91', '0'],
  IT: ['39', ''],
  JP: ['81', '0'],
  KR: ['82', '0'],
  MO: ['853', ''],
  MX: ['52', ''],
  MY: ['60', '0'],
  NG: ['234', '0'],
  NL: ['31', '0'],
  NO: ['47', ''],
  NZ: ['64', '0'],
  PH: ['63', '0'],
  PL: ['48', ''],
  PT: ['351', ''],
  RO: ['40', '0'],
  RU: ['7', '8'],
  SA: ['966', '0'],
  SE: ['46', '0'],
  SG: ['65', ''],
  TH: ['66', '0'],
  TR: ['90', '0'],
  TW: ['886', '0'],
  UA: ['380', '0'],
  US: ['1', '1'],
  VN: ['84', '0'],
  ZA: ['27', '0'],
}
const CN_MOBILE = /^1[3-9]\d{9}$/
/** Platforms hand out shared privacy numbers; the extension behind them tells buyers apart. */
const EXTENSION = /^(.*?\d)\s*(?:-|,|;|#|x|ext\.?|转|轉|分机)\s*(\d{1,6})#?$/i
const DIGITS_MIN = 5
const DIGITS_MAX = 20

type Dialled = { readonly digits: string; readonly international: boolean; readonly extension: string }

function readDialled(text: string): Dialled | undefined {
  const plain = text.normalize('NFKC').trim()
  const split = splitExtension(plain)
  const compact = split.number.replace(/^(\s*(?:\+|00).*)\(0\)/, '$1').replace(/[\s().\-/‐-―]/g, '')
  const match = /^(\+|00)?(\d+)$/.exec(compact)
  const digits = match?.[2]
  if (digits === undefined || digits.length < DIGITS_MIN || digits.length > DIGITS_MAX) return undefined
  return { digits, international: match?.[1] !== undefined, extension: split.extension === '' ? '' : `x${split.extension}` }
}

/** A dash separates an extension only behind a whole CN mobile number: elsewhere people group digits with it. */
function splitExtension(text: string): { readonly number: string; readonly extension: string } {
  const match = EXTENSION.exec(text)
  const number = match?.[1]
  const extension = match?.[2]
  if (number === undefined || extension === undefined) return { number: text, extension: '' }
  const marked = !/-\s*\d{1,6}#?$/.test(text)
  const mobile = /(?:^|\+?86)1[3-9]\d{9}$/.test(number.replace(/[\s-]/g, ''))
  return marked || mobile ? { number, extension } : { number: text, extension: '' }
}

/**
 * A phone as `+<country><number>[x<extension>]`, or the bare digits where the country is not known. Undefined when the text is
 * no phone number (masked ones with `*` included). Eleven digits of a Chinese mobile are Chinese unless the country says otherwise.
 */
export function normalisePhone(text: string, countryCode?: string): string | undefined {
  const dialled = readDialled(text)
  return dialled === undefined ? undefined : national(dialled, countryCode)
}

function national({ digits, international, extension }: Dialled, countryCode: string | undefined): string {
  if (international) return `+${digits}${extension}`
  if (CN_MOBILE.test(digits) && (countryCode === undefined || countryCode === 'CN')) return `+86${digits}${extension}`
  if (digits.length === 13 && digits.startsWith('86') && CN_MOBILE.test(digits.slice(2))) return `+${digits}${extension}`
  const calling = countryCode === undefined ? undefined : CALLING[countryCode]
  if (calling === undefined) return `${digits}${extension}`
  const [code, trunk] = calling
  const own = trunk !== '' && digits.startsWith(trunk) ? digits.slice(trunk.length) : digits
  return `+${code}${own}${extension}`
}

/** Every number that a searched text may mean where no country is given: as written, and as each country would dial it. */
export function phoneReadings(text: string): readonly string[] {
  const dialled = readDialled(text)
  if (dialled === undefined) return []
  const readings = new Set([national(dialled, undefined), `${dialled.digits}${dialled.extension}`])
  if (dialled.international) return [...readings]
  readings.add(`+${dialled.digits}${dialled.extension}`)
  for (const country of Object.keys(CALLING)) readings.add(national(dialled, country))
  return [...readings]
}

/** An e-mail address in lower case; undefined when the text is none. */
export function normaliseEmail(text: string): string | undefined {
  const plain = text.normalize('NFKC').trim().toLowerCase()
  return /^[^\s@]+@[^\s@]+$/.test(plain) ? plain : undefined
}

const HAN = /^[\p{Script=Han}\s·•・]+$/u

/** A full name without regard to width, case and blanks; between Chinese characters blanks mean nothing. Undefined when nothing is left. */
export function normaliseName(text: string): string | undefined {
  const plain = text.normalize('NFKC').trim().replace(/\s+/g, ' ')
  const joined = HAN.test(plain) ? plain.replace(/[\s•・]/g, (mark) => (mark === ' ' ? '' : '·')) : plain
  // Lower case first: the capital ẞ becomes ß, which is SS in capitals.
  const folded = joined.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
  return folded === '' ? undefined : folded
}
