/**
 * XML as the records that paths walk: children by name without prefix (a list where a name repeats), attributes by `@name`, an element
 * without either as its text. Tracking answers need no more; a document type, and with it every entity of its own, is refused.
 */
export type XmlRead = { readonly status: 'read'; readonly value: unknown } | { readonly status: 'unreadable'; readonly got: string }

type Node = { readonly name: string; readonly members: Record<string, unknown>; text: string }

const DEPTH_MAX = 64
const NODES_MAX = 100_000
const TOKEN =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([A-Za-z_][\w.:-]*)((?:"[^"]*"|'[^']*'|[^"'<>])*?)(\/?)>|([^<]+)/gy
const ATTRIBUTE = /([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const unreadable = (got: string): XmlRead => ({ status: 'unreadable', got })
const local = (name: string): string => name.slice(name.indexOf(':') + 1)

const decoded = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

/** Names come from outside: `__proto__` must be a name like any other. */
const emptyMembers = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>

export function readXml(text: string): XmlRead {
  const root: Node = { name: '', members: emptyMembers(), text: '' }
  const open: Node[] = [root]
  let nodes = 0
  TOKEN.lastIndex = 0
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  while (TOKEN.lastIndex < body.length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(body)
    const here = open.at(-1)
    if (!token || !here) return unreadable(`something that is not XML at character ${at}`)
    const [, cdata, close, name, attributes, isEmpty, words] = token
    if (cdata !== undefined) here.text += cdata
    else if (words !== undefined) here.text += decoded(words)
    else if (name !== undefined && close === '/') {
      if (here.name !== local(name) || open.length === 1)
        return unreadable(`</${name.slice(0, 40)}> where </${here.name.slice(0, 40)}> is open`)
      open.pop()
      attach(open.at(-1), here)
    } else if (name !== undefined) {
      if ((nodes += 1) > NODES_MAX || open.length > DEPTH_MAX) return unreadable('more elements or levels than are read')
      const node: Node = { name: local(name), members: attributesOf(attributes ?? ''), text: '' }
      if (isEmpty === '/') attach(here, node)
      else open.push(node)
    }
  }
  return open.length === 1 && nodes > 0 ? { status: 'read', value: { ...root.members } } : unreadable('a document without its end')
}

function attributesOf(text: string): Record<string, unknown> {
  const members = emptyMembers()
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE)) members[`@${local(name ?? '')}`] = decoded(double ?? single ?? '')
  return members
}

function attach(parent: Node | undefined, node: Node): void {
  if (!parent) return
  const value = Object.keys(node.members).length === 0 ? node.text.trim() : { ...node.members }
  const before = parent.members[node.name]
  parent.members[node.name] = before === undefined ? value : Array.isArray(before) ? [...(before as unknown[]), value] : [before, value]
}
