import type { OrderIntake, OrderState } from '../../domain/order/state.ts'
import { type Queryable, run, statement } from '../database.ts'
import type { Drift } from './drift.ts'
import type { Findings } from './report.ts'

/** Sums over all orders, gathered while they pass by: as large as there are accounts and days in use, whatever the number of orders. */
export class ExpectedSums {
  readonly exposure = new Map<string, number>()
  readonly capacity = new Map<string, number>()
  readonly supply = new Map<string, number>()

  add(intake: OrderIntake, state: OrderState): void {
    const { accountId } = intake
    if (accountId !== undefined && state.exposure !== 0) this.exposure.set(accountId, (this.exposure.get(accountId) ?? 0) + state.exposure)
    for (const { supplyId, quantity } of state.awaiting ?? []) this.supply.set(supplyId, (this.supply.get(supplyId) ?? 0) + quantity)
    for (const one of state.fulfillmentOrders) {
      if (one.capacityDay === undefined || one.work === 'cancelled') continue
      const key = `${one.capacityDay} ${one.nodeId}`
      this.capacity.set(key, (this.capacity.get(key) ?? 0) + 1)
    }
  }
}

const readExposures = statement<{ readonly account_id: string; readonly exposure: string }>(
  'verifyExposures',
  `select account_id, exposure
   from accounts
   where account_id > $1::text
   order by account_id
   limit $2::integer`,
)
const readCapacities = statement<{ readonly node_no: number; readonly node_id: string; readonly day: string; readonly used: number }>(
  'verifyCapacities',
  `select c.node_no, n.node_id, to_char(c.day, 'YYYY-MM-DD') as day, c.used
   from node_capacity as c
     join nodes as n using (node_no)
   where (c.node_no, c.day) > ($1::integer, $2::date)
   order by c.node_no, c.day
   limit $3::integer`,
)
const readSupplies = statement<{ readonly supply_id: string; readonly reserved: number }>(
  'verifySupplies',
  `select supply_id, reserved
   from supply
   where supply_id > $1::text
   order by supply_id
   limit $2::integer`,
)
const PAGE = 5000

type SumDrift = Pick<Drift, 'accounts' | 'capacity' | 'supply'>

/** Compares the cached sums of accounts, capacity and supply with what the orders add up to; those that drifted. */
export async function checkSums(db: Queryable, expected: ExpectedSums, findings: Findings): Promise<SumDrift> {
  return {
    accounts: await checkExposure(db, expected, findings),
    capacity: await checkCapacity(db, expected, findings),
    supply: await checkSupply(db, expected, findings),
  }
}

async function checkSupply(db: Queryable, expected: ExpectedSums, findings: Findings): Promise<string[]> {
  const drifted: string[] = []
  const unseen = new Map(expected.supply)
  for (let after = ''; ;) {
    const page = await run(db, readSupplies, [after, PAGE])
    for (const { supply_id, reserved } of page) {
      findings.saw('supply.reserved')
      const wanted = unseen.get(supply_id) ?? 0
      unseen.delete(supply_id)
      if (reserved === wanted) continue
      drifted.push(supply_id)
      findings.violated('supply.reserved', `supply ${supply_id}: ${reserved} reserved, orders count on ${wanted}`)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) break
    after = last.supply_id
  }
  for (const [supplyId, sum] of unseen)
    findings.violated('supply.reserved', `supply ${supplyId} is not there, orders count on ${sum} of it`)
  return drifted
}

async function checkExposure(db: Queryable, expected: ExpectedSums, findings: Findings): Promise<string[]> {
  const drifted: string[] = []
  const unseen = new Map(expected.exposure)
  for (let after = ''; ;) {
    const page = await run(db, readExposures, [after, PAGE])
    for (const { account_id, exposure } of page) {
      findings.saw('account.exposure')
      const wanted = unseen.get(account_id) ?? 0
      unseen.delete(account_id)
      if (Number(exposure) === wanted) continue
      drifted.push(account_id)
      findings.violated('account.exposure', `account ${account_id}: exposure ${exposure}, its orders add up to ${wanted}`)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) break
    after = last.account_id
  }
  for (const [accountId, sum] of unseen) findings.violated('account.exposure', `account ${accountId} is not there, its orders owe ${sum}`)
  return drifted
}

async function checkCapacity(db: Queryable, expected: ExpectedSums, findings: Findings): Promise<{ nodeId: string; day: string }[]> {
  const drifted: { nodeId: string; day: string }[] = []
  const unseen = new Map(expected.capacity)
  for (let node = 0, day = '0001-01-01'; ;) {
    const page = await run(db, readCapacities, [node, day, PAGE])
    for (const row of page) {
      findings.saw('node.capacity')
      const key = `${row.day} ${row.node_id}`
      const wanted = unseen.get(key) ?? 0
      unseen.delete(key)
      if (row.used === wanted) continue
      drifted.push({ nodeId: row.node_id, day: row.day })
      findings.violated('node.capacity', `${row.node_id} on ${row.day}: ${row.used} used, ${wanted} fulfillment orders`)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) break
    node = last.node_no
    day = last.day
  }
  for (const [key, count] of unseen) {
    const nodeId = key.slice(11)
    drifted.push({ nodeId, day: key.slice(0, 10) })
    findings.violated('node.capacity', `${nodeId} on ${key.slice(0, 10)}: no row, ${count} fulfillment orders`)
  }
  return drifted
}
