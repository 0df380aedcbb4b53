import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One order of the case. `orderId` is text: it only looks like a number, and its last digits matter. */
export type CaseOrder = {
  readonly orderId: string
  readonly serviceLevel: string
  readonly customer: string
  readonly product: string
  readonly destination: string
  readonly units: number
  readonly weightKg: number
  /** Where it was shipped from in the history. */
  readonly historicPlant: string
}
export type CaseRate = {
  readonly carrier: string
  readonly origin: string
  readonly destination: string
  readonly serviceLevel: string
  readonly mode: string
  readonly weightMin: number
  readonly weightMax: number
  readonly minimumCost: number
  readonly rate: number
}
export type CasePlant = {
  readonly name: string
  readonly ordersPerDay: number
  readonly costPerUnit: number
  readonly ports: readonly string[]
}
export type LogisticsCase = {
  readonly orders: readonly CaseOrder[]
  readonly rates: readonly CaseRate[]
  readonly plants: readonly CasePlant[]
  readonly plantsOfProduct: ReadonlyMap<string, ReadonlySet<string>>
  /** Plants that serve these customers only. */
  readonly customersOfPlant: ReadonlyMap<string, ReadonlySet<string>>
}

/** Reads the seven tables of the outbound logistics network of Brunel University London (CC BY 4.0). A broken row throws with file and line. */
export function readCase(folder: string): LogisticsCase {
  const costs = new Map(readRows(folder, 'WhCosts.csv').map((row) => [row.text('WH'), row.number('Cost/unit')]))
  const ports = grouped(readRows(folder, 'PlantPorts.csv'), 'Plant Code', 'Port')
  return {
    orders: readRows(folder, 'OrderList.csv').map((row) => ({
      orderId: row.text('Order ID'),
      serviceLevel: row.text('Service Level'),
      customer: row.text('Customer'),
      product: row.text('Product ID'),
      destination: row.text('Destination Port'),
      units: row.number('Unit quantity'),
      weightKg: row.number('Weight'),
      historicPlant: row.text('Plant Code'),
    })),
    rates: readRows(folder, 'FreightRates.csv').map((row) => ({
      carrier: row.text('Carrier'),
      origin: row.text('orig_port_cd'),
      destination: row.text('dest_port_cd'),
      serviceLevel: row.text('svc_cd'),
      mode: row.text('mode_dsc'),
      weightMin: row.number('minm_wgh_qty'),
      weightMax: row.number('max_wgh_qty'),
      minimumCost: row.number('minimum cost'),
      rate: row.number('rate'),
    })),
    plants: readRows(folder, 'WhCapacities.csv').map((row) => {
      const name = row.text('Plant ID')
      const costPerUnit = costs.get(name)
      if (costPerUnit === undefined) throw new Error(`WhCosts.csv has no cost for ${name}`)
      return { name, ordersPerDay: row.number('Daily Capacity'), costPerUnit, ports: [...(ports.get(name) ?? [])] }
    }),
    plantsOfProduct: grouped(readRows(folder, 'ProductsPerPlant.csv'), 'Product ID', 'Plant Code'),
    customersOfPlant: grouped(readRows(folder, 'VmiCustomers.csv'), 'Plant Code', 'Customers'),
  }
}

type Row = { text(column: string): string; number(column: string): number }

/** Rows of a plain CSV (no quotes in these tables) by column name; names and cells are trimmed. */
function readRows(folder: string, file: string): Row[] {
  const [head = '', ...lines] = readFileSync(join(folder, file), 'utf8')
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/\r?\n/)
  const columns = new Map(head.split(',').map((name, index) => [name.trim(), index]))
  return lines.map((line, index) => {
    const cells = line.split(',')
    const where = `${file} line ${index + 2}`
    if (cells.length !== columns.size) throw new Error(`${where}: expected ${columns.size} cells, got ${cells.length}`)
    const text = (column: string): string => {
      const at = columns.get(column)
      if (at === undefined) throw new Error(`${file} has no column ${column}`)
      return (cells[at] ?? '').trim()
    }
    const number = (column: string): number => {
      const value = Number(text(column))
      if (text(column) === '' || !Number.isFinite(value)) throw new Error(`${where}: ${column} should be a number, got "${text(column)}"`)
      return value
    }
    return { text, number }
  })
}

function grouped(rows: readonly Row[], key: string, value: string): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>()
  for (const row of rows) {
    const group = groups.get(row.text(key)) ?? new Set<string>()
    groups.set(row.text(key), group.add(row.text(value)))
  }
  return groups
}
