import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { EmissionFactorInput } from '../../../contract/entities/emission-factor.ts'
import { DEFAULT_FACTORS } from './factors.ts'
import { footprintOf, sumFootprints } from './footprint.ts'

const factor = (mode: EmissionFactorInput['mode'], gramsPerTonneKm: number, sourceRow = 'r'): EmissionFactorInput => ({
  factorId: `${mode}-${gramsPerTonneKm}`,
  mode,
  gramsPerTonneKm,
  source: 'published example',
  sourceRow,
  year: 2025,
  quality: 'default',
})

test('worked vectors: tonnes × kilometres × intensity, per leg', () => {
  const vectors = [
    { massGrams: 40_000_000, km: 423, per: 116, kg: 1962.72 },
    { massGrams: 40_000_000, km: 423, per: 7, kg: 118.44 },
    { massGrams: 4_000_000, km: 30, per: 793, kg: 95.16 },
    { massGrams: 10_000, km: 500, per: 782, kg: 3.91 },
  ]
  for (const { massGrams, km, per, kg } of vectors) {
    const { co2eGrams, legs } = footprintOf(massGrams, [{ distanceKm: km, factor: factor('road', per) }], [])
    assert.deepEqual([co2eGrams / 1000, legs[0]?.co2eGrams], [kg, co2eGrams])
  }
})

test('a parcel by rail and van: each leg keeps mode, distance, mass, factor and row, and the hub stands beside them', () => {
  const hub: EmissionFactorInput = { ...factor('hub', 0, 'T3'), factorId: 'hub-1', gramsPerTonne: 1200 }
  const { co2eGrams, legs } = footprintOf(
    2500,
    [
      { distanceKm: 1200, factor: DEFAULT_FACTORS.rail },
      { distanceKm: 40, factor: DEFAULT_FACTORS.van },
    ],
    [hub],
  )
  assert.deepEqual(
    legs.map((leg) => [leg.mode, leg.distanceKm, leg.massGrams, leg.co2eGrams, leg.factorId, leg.sourceRow]),
    [
      ['rail', 1200, 2500, 104.1, 'defra-2025-rail', DEFAULT_FACTORS.rail.sourceRow],
      ['van', 40, 2500, 78.2, 'defra-2025-van', DEFAULT_FACTORS.van.sourceRow],
      ['hub', undefined, 2500, 3, 'hub-1', 'T3'],
    ],
  )
  assert.equal(co2eGrams, 185.3)
  assert.equal(
    sumFootprints([
      { co2eGrams, legs },
      { co2eGrams: 0.7, legs: [] },
    ]),
    186,
  )
})

const file = join(
  process.env['FULCRUM_DATA_SAMPLES'] ?? join(import.meta.dirname, '../../../../shared/data'),
  'carbon/defra_2025_tonne_km_by_mode.csv',
)
test('every published row gives tonne-kilometres times its figure', { skip: existsSync(file) ? false : `no ${file}` }, () => {
  const rows = readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1)
  let seen = 0
  for (const row of rows) {
    const perTonneKm = Number(row.slice(row.lastIndexOf(',') + 1)) * 1000
    if (!Number.isFinite(perTonneKm)) continue
    const { co2eGrams } = footprintOf(10_000, [{ distanceKm: 500, factor: factor('van', perTonneKm) }], [])
    assert.ok(Math.abs(co2eGrams - 0.01 * 500 * perTonneKm) <= 0.051, row)
    seen += 1
  }
  assert.ok(seen > 20, `saw ${seen} rows`)
})
