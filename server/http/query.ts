import type { TObject, TSchema } from 'typebox'

type Kind = 'text' | 'number' | 'boolean' | 'list'
type Field = { readonly name: string; readonly kind: Kind; readonly fallback: unknown }

/**
 * Turns the text of a query string into the types of its schema: numbers, booleans, comma-separated lists; defaults filled in.
 * What does not convert stays text, so that the check can say what it got.
 */
export function coercerOf(schema: TObject): (query: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  const fields: Field[] = Object.entries(schema.properties).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    fallback: Reflect.get(property, 'default'),
  }))
  return (query) => {
    const result: Record<string, unknown> = { ...query }
    for (const { name, kind, fallback } of fields) {
      const value = query[name]
      if (value === undefined) {
        if (fallback !== undefined) result[name] = fallback
      } else if (kind !== 'text') result[name] = convert(kind, value)
    }
    return result
  }
}

function kindOf(property: TSchema): Kind {
  const type = Reflect.get(property, 'type')
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'boolean') return 'boolean'
  return type === 'array' ? 'list' : 'text'
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,9})?$/

function convert(kind: Kind, value: unknown): unknown {
  if (kind === 'list') {
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
    return parts.flatMap((part) => (typeof part === 'string' ? part.split(',').filter((text) => text !== '') : [part]))
  }
  if (typeof value !== 'string') return value
  if (kind === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  return NUMBER.test(value) ? Number(value) : value
}
