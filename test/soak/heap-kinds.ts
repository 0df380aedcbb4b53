type Snapshot = {
  readonly snapshot: { readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[]] } }
  readonly nodes: readonly number[]
}
/** MB: what the page's script holds, and what the engine compiled of that script. */
export type HeapKinds = { readonly heldMB: number; readonly codeMB: number }

/** Compiled code comes as functions grow hot and goes as it pleases; native is the browser's, the records of its own tools among it. */
const NOT_HELD = new Set(['code', 'native', 'synthetic'])

/** Sums a heap snapshot, as the browser writes it, by kind. */
export function kindsOf(text: string): HeapKinds {
  const { snapshot, nodes } = JSON.parse(text) as Snapshot
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')]
  let [held, code] = [0, 0]
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[0][nodes[at + type] ?? 0] ?? ''
    const bytes = nodes[at + size] ?? 0
    if (kind === 'code') code += bytes
    else if (!NOT_HELD.has(kind)) held += bytes
  }
  return { heldMB: hundredths(held), codeMB: hundredths(code) }
}

const hundredths = (bytes: number): number => Math.round(bytes / 10_000) / 100
