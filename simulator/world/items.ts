import type { ItemInput } from '../../contract/entities/item.ts'
import { randomOf } from '../random.ts'
import { FAMILIES, type Family } from './families.ts'

/** An item of the simulated catalogue: what the hub is told, and what only the world knows. */
export type WorldItem = {
  readonly item: ItemInput
  readonly family: Family
  /** Fen, tax included. */
  readonly price: number
  /** How often it is bought beside others of its family. */
  readonly weight: number
}

const bilingual = (text: string): readonly [zh: string, en: string] => {
  const [zh = '', en = ''] = text.split('|')
  return [zh, en.replaceAll('-', ' ')]
}

/** The catalogue: about 2,000 items, the same for the same seed. */
export const itemsOf = (seed: number): readonly WorldItem[] =>
  FAMILIES.flatMap((family) => familyItems(seed, family)).map((one, i) => ({ ...one, item: { ...one.item, barcodes: [gtinOf(i)] } }))

/** The EAN-13 of an item: a prefix of GS1 China, a number, and the check digit (GS1 General Specifications, 7.9). */
export function gtinOf(i: number): string {
  const digits = `6909876${String(i + 1).padStart(5, '0')}`
  const sum = Array.from(digits).reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

function familyItems(seed: number, family: Family): WorldItem[] {
  const random = randomOf(seed, 'items', family.code)
  return Array.from({ length: family.count }, (_, i) => {
    const [thing, thingEn] = bilingual(family.things[i % family.things.length] ?? '')
    const round = Math.floor(i / family.things.length)
    const sizeAt = round % family.sizes.length
    const [size, grams] = family.sizes[sizeAt] ?? ['', 0]
    const [variety, varietyEn] = bilingual(family.varieties[Math.floor(round / family.sizes.length) % family.varieties.length] ?? '')
    const base = family.price[0] + Math.floor(random.next() ** 2 * (family.price[1] - family.price[0]))
    const [length, width, height] = family.box
    const grow = 1 + sizeAt * 0.25
    return {
      family,
      price: Math.round((base * (1 + sizeAt * 0.6)) / 100) * 100 - 10,
      weight: 1 / (1 + random.below(family.count)),
      item: {
        sku: `${family.code}-${String(i + 1).padStart(3, '0')}`,
        name: `${variety}${thing} ${size}`,
        names: { en: `${varietyEn} ${thingEn.toLowerCase()} ${size}` },
        weightGrams: grams,
        lengthMm: Math.round(length * grow),
        widthMm: Math.round(width * grow),
        heightMm: Math.round(height * grow),
        taxClass: family.taxClass,
        ...(family.attributes === undefined ? {} : { attributes: { ...family.attributes } }),
      },
    }
  })
}
