import { Type, type Static } from 'typebox'
import { Attributes, closed, Grams, Name, Quantity, Ref, Version } from './basics.ts'

const Millimetres = Type.Integer({ minimum: 0, maximum: 100_000 })

/** Visible ASCII, as barcodes carry it. */
export const Barcode = Type.String({ minLength: 4, maxLength: 48, pattern: '^[\\x21-\\x7e]+$' })

/** A thing sold. A bundle (kit) names its components; its stock is that of its components, checked as a sum. */
export const ItemInput = Type.Object(
  {
    sku: Ref,
    name: Name,
    /** Names by language tag, for example {"en": "Longjing tea"}. */
    names: Type.Optional(Type.Record(Type.String({ minLength: 2, maxLength: 10 }), Name, { maxProperties: 20 })),
    weightGrams: Type.Optional(Grams),
    lengthMm: Type.Optional(Millimetres),
    widthMm: Type.Optional(Millimetres),
    heightMm: Type.Optional(Millimetres),
    taxClass: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /**
     * fresh, fragile, hazardous, coldChain, bulky, madeToOrder, ageMin …: what compliance, services and nodes are matched on. `digital: true` needs
     * none of them: it is delivered at once when its order is firm.
     */
    attributes: Type.Optional(Attributes),
    /** true: it is not sold any more. What was sold goes on, with what is there; bundles that hold it are ended by themselves. */
    discontinued: Type.Optional(Type.Boolean()),
    components: Type.Optional(Type.Array(Type.Object({ sku: Ref, quantity: Quantity }, closed), { minItems: 1, maxItems: 50 })),
    /** What is printed on it: GTIN (EAN, UPC) or any other code that a scanner reads. Two items may share one; a node reads it against the lines of its work. */
    barcodes: Type.Optional(Type.Array(Barcode, { maxItems: 20, uniqueItems: true })),
    /** Platform codes that mean this item, per channel: [{"channelId":"shop-cn","code":"4480-TMALL"}]. */
    aliases: Type.Optional(Type.Array(Type.Object({ channelId: Ref, code: Ref }, closed), { maxItems: 50 })),
  },
  closed,
)
export type ItemInput = Static<typeof ItemInput>
export const Item = Type.Interface([ItemInput], { version: Version })
export type Item = Static<typeof Item>
