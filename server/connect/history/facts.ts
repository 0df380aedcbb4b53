import { Compile } from 'typebox/compile'
import { ItemInput } from '../../../contract/entities/item.ts'
import { NodeInput } from '../../../contract/entities/node.ts'
import type { HistoryFactRow, Rejection } from '../../engine/ports/history-source.ts'
import type { HistoryMapping } from './mapping.ts'
import type { Point } from './survey.ts'
import { cellOf, readRows, type Row, type Table, type Tables } from './tables.ts'

const isItem = Compile(ItemInput)
const isNode = Compile(NodeInput)

/** The channel, the nodes and the items of a history, in that order; a rejection for each row that is none. */
export async function* readFacts(
  tables: Tables,
  mapping: HistoryMapping,
  places: ReadonlyMap<string, Point>,
): AsyncGenerator<HistoryFactRow | { readonly rejection: Rejection }> {
  yield { fact: 'channel', key: mapping.channel.channelId, doc: { ...mapping.channel } }
  const { nodes, items } = tables
  if (nodes !== undefined)
    for await (const rows of readRows(nodes))
      for (const row of rows) {
        const doc = nodeOf(nodes, row, mapping, places)
        yield isNode.Check(doc) ? { fact: 'node', key: doc.nodeId, doc } : rejected(nodes, row, 'nodeId', isNode.Errors(doc)[0])
      }
  if (items === undefined) return
  const names = await categoryNames(tables.categories)
  for await (const rows of readRows(items))
    for (const row of rows) {
      const doc = itemOf(items, row, mapping, names)
      yield isItem.Check(doc) ? { fact: 'item', key: doc.sku, doc } : rejected(items, row, 'sku', isItem.Errors(doc)[0])
    }
}

function rejected(table: Table, row: Row, column: string, error: { instancePath?: string; message?: string } | undefined) {
  const key = cellOf(table, row, column).slice(0, 128)
  const expected = `${error?.instancePath ?? ''} ${error?.message ?? ''}`.trim()
  return { rejection: { table: table.name, row: row.row, ...(key === '' ? {} : { key }), code: 'fact_wrong', expected } }
}

function nodeOf(table: Table, row: Row, mapping: HistoryMapping, places: ReadonlyMap<string, Point>) {
  const [nodeId, city, region, code] = ['nodeId', 'city', 'region', 'postalCode'].map((column) =>
    cellOf(table, row, column).replaceAll(/\s+/g, ' '),
  )
  const postalCode = code === undefined || code === '' ? '' : code.padStart(mapping.postalDigits ?? 0, '0')
  const place = {
    countryCode: mapping.countryCode,
    ...filled('region', region),
    ...filled('city', city),
    ...filled('postalCode', postalCode),
    ...places.get(postalCode),
  }
  const { kind = 'supplier', name = '{nodeId}' } = mapping.tables.nodes ?? {}
  return { nodeId: nodeId ?? '', name: fill(name, { nodeId, city, region }), kind, place, zone: mapping.channel.zone }
}

async function categoryNames(table: Table | undefined): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  if (table !== undefined)
    for await (const rows of readRows(table)) for (const row of rows) names.set(cellOf(table, row, 'category'), cellOf(table, row, 'name'))
  return names
}

function itemOf(table: Table, row: Row, mapping: HistoryMapping, names: ReadonlyMap<string, string>) {
  const [sku, own] = [cellOf(table, row, 'sku'), cellOf(table, row, 'category')]
  const category = names.get(own) ?? own
  const template = mapping.tables.items?.name ?? '{sku}'
  const size = (column: string, scale: number): number | undefined => {
    const text = cellOf(table, row, column)
    return /^\d{1,9}(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * scale) : undefined
  }
  return {
    sku,
    name: fill(template, { sku, category }),
    ...filled('weightGrams', size('weightGrams', 1)),
    ...filled('lengthMm', size('lengthCm', 10)),
    ...filled('widthMm', size('widthCm', 10)),
    ...filled('heightMm', size('heightCm', 10)),
    ...(category === '' ? {} : { attributes: { category } }),
  }
}

function filled<const K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]: V })
}

/** `{city} · {nodeId:8}`: fields by name, cut to a length; a part without its field goes, and so does the dot before it. */
function fill(template: string, fields: Readonly<Record<string, string | undefined>>): string {
  const text = template.replaceAll(/\{(\w+)(?::(\d+))?\}/g, (_, name: string, length?: string) => {
    const value = fields[name] ?? ''
    return length === undefined ? value : value.slice(0, Number(length))
  })
  return text.replaceAll(/^\s*·\s*|\s*·\s*$/g, '').slice(0, 200)
}
