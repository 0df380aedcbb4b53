import { schemas } from '../../contract/schemas.ts'

export type Json = { readonly [key: string]: unknown }

/** The schemas that stand under their own name in every document. */
export const namedSchemas: ReadonlyMap<unknown, string> = new Map<unknown, string>(
  Object.entries(schemas).map(([name, schema]) => [schema, name]),
)

/** The schema as plain JSON, with `$ref` wherever a named schema stands inside another. */
export function plain(schema: unknown, named: ReadonlyMap<unknown, string>, root?: unknown): Json {
  const walk = (value: unknown): unknown => {
    const name = value === root ? undefined : named.get(value)
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` }
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.keys(value)
        .filter((key) => !key.startsWith('~'))
        .map((key) => [key, walk(Reflect.get(value, key))]),
    )
  }
  return Object.assign({}, walk(schema))
}
