/** Level words at the end of Chinese names; with or without them the same place is meant. */
const CN_LEVELS = /(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|盟)$/

const NAMES_MAX = 4096
const names = new Map<string, string>()

/** A name without case, width, accents, outer blanks and Chinese level words (浙江省 = 浙江). Answers are remembered: an order asks for the same names several times. */
export function comparableName(name: string | undefined): string {
  if (name === undefined) return ''
  const known = names.get(name)
  if (known !== undefined) return known
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').trim().toLowerCase().normalize('NFC')
  const short = plain.replace(CN_LEVELS, '')
  const made = short.length >= 2 ? short : plain
  if (names.size >= NAMES_MAX) names.clear()
  names.set(name, made)
  return made
}
