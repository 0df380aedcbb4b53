import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { createHighsSolver } from '../../server/connect/solver/highs-solver.ts'
import { boundOf } from './bound.ts'
import { violationsOf } from './check-case.ts'
import { readCase } from './read-case.ts'
import { sourceCase } from './source-case.ts'

/**
 * Three plants: A (1 place, cheap) and B (2 places) make P; C (VMI for one customer) makes Q. Six orders, of which one weighs more than
 * any rate takes, and one more wants P than there are places.
 */
const tables = {
  'OrderList.csv': [
    'Order ID,Order Date,Origin Port,Carrier,TPT,Service Level,Ship ahead day count,Ship Late Day count,Customer,Product ID,Plant Code,Destination Port,Unit quantity,Weight',
    '1447296446.70,2013-05-26,PA,V1,1,DTD,0,0,C1,P,A,PZ,100,10',
    '1447296446.7,2013-05-26,PA,V1,1,DTD,0,0,C1,P,A,PZ,200,10',
    '3,2013-05-26,PA,V1,1,CRF,0,0,C2,P,A,PZ,300,5000',
    '4,2013-05-26,PA,V1,1,DTD,0,0,C2,P,A,PZ,900,10',
    '5,2013-05-26,PA,V1,1,DTD,0,0,C2,Q,A,PZ,10,10',
    '6,2013-05-26,PA,V1,1,DTD,0,0,C1,Q,A,PZ,10,1000',
  ],
  'FreightRates.csv': [
    'Carrier,orig_port_cd,dest_port_cd,minm_wgh_qty,max_wgh_qty,svc_cd,minimum cost,rate,mode_dsc,tpt_day_cnt,Carrier type',
    'V1,PA,PZ,0,99.99,DTD,5,0.1,AIR   ,1,x',
    'V1,PB,PZ,0,99.99,DTD,5,2,AIR   ,1,x',
    'V1,PB,PZ,0,500,DTD,5,9,GROUND,1,x',
  ],
  'PlantPorts.csv': ['Plant Code,Port', 'A,PA', 'B,PB', 'C,PA'],
  'ProductsPerPlant.csv': ['Plant Code,Product ID', 'A,P', 'B,P', 'C,Q'],
  'VmiCustomers.csv': ['Plant Code,Customers', 'C,C1'],
  'WhCapacities.csv': ['Plant ID,Daily Capacity ', 'A,1', 'B,2', 'C,9'],
  'WhCosts.csv': ['WH,Cost/unit', 'A,0.5', 'B,1', 'C,1'],
}

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-brunel-'))
for (const [file, rows] of Object.entries(tables)) writeFileSync(join(folder, file), `${rows.join('\n')}\n`)

describe('the logistics case', () => {
  const solver = createHighsSolver()
  after(async () => {
    await solver.close()
    rmSync(folder, { recursive: true })
  })
  const data = readCase(folder)

  it('keeps order ids that differ only as text apart', () => {
    assert.deepEqual(
      data.orders.slice(0, 2).map(({ orderId }) => orderId),
      ['1447296446.70', '1447296446.7'],
    )
  })

  it('serves as many as can be served, at the least cost, and breaks no limit', async () => {
    const bound = await boundOf(data, solver)
    const result = sourceCase(data, bound.placePrice)
    assert.deepEqual(violationsOf(data, result.decisions), [])
    assert.equal(result.unserved, 3)
    assert.equal(result.unserved, bound.unservedMin)
    // One order of P finds no place; order 5 is of a customer that plant C does not serve; order 6 is heavier than any rate.
    assert.equal(result.unservedForCapacity, 1)
    // A takes the 300 units; the two others go out of B by one truck: 150 + 100 + 200 + 9.
    assert.deepEqual(
      result.decisions.map(({ plant }) => plant),
      [1, 1, 0, -1, -1, -1],
    )
    assert.deepEqual({ storage: result.storage, freight: result.freight }, { storage: 450, freight: 9 })
    assert.ok(result.storage + result.freight >= bound.costMin - 1e-6)
  })

  it('has a checker that sees what is broken', () => {
    const broken = data.orders.map((order) => ({ order, plant: 2, isByTruck: false }))
    const found = violationsOf(data, broken)
    assert.ok(found.some((text) => text.includes('does not make P')))
    assert.ok(found.some((text) => text.includes('does not serve C2')))
    assert.ok(found.some((text) => text.includes('nothing carries 1000 kg')))
    const crowded = violationsOf(
      data,
      data.orders.map((order) => ({ order, plant: 0, isByTruck: false })),
    )
    assert.ok(crowded.some((text) => text.includes('on a day of 1')))
  })

  it('names file, line and column of a number that is none', () => {
    writeFileSync(join(folder, 'WhCosts.csv'), 'WH,Cost/unit\nA,cheap\n')
    assert.throws(() => readCase(folder), /WhCosts.csv line 2: Cost\/unit should be a number, got "cheap"/)
  })
})
