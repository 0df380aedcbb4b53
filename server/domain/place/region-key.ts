/** What administrative names of China end in; they say the level, not the place. Longest first. */
const LEVEL = /^(.{2,}?)(?:(?:维吾尔|壮族|回族)?自治区|特别行政区|自治州|地区|省|市|盟)$/u
const BEYOND_ASCII = /[\u0080-\uffff]/

/** The form in which names of regions are compared: without case, width, outer blanks and Chinese level suffixes (浙江省 = 浙江, 广西壮族自治区 = 广西). */
export function regionKey(name: string): string {
  if (!BEYOND_ASCII.test(name)) return name.trim().toLowerCase()
  const plain = name.normalize('NFKC').trim().toLowerCase()
  return LEVEL.exec(plain)?.[1] ?? plain
}
