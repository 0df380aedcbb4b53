import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { EmissionFactorInput } from '../../../contract/entities/emission-factor.ts'
import { compileFactors, emissionOf } from './emissions.ts'
import { DEFAULT_FACTORS } from './factors.ts'

const factor = (gramsPerTonneKm: number, more: Partial<EmissionFactorInput> = {}): EmissionFactorInput => ({
  factorId: 'f',
  mode: 'road',
  gramsPerTonneKm,
  source: 'published example',
  sourceRow: '1',
  year: 2025,
  quality: 'default',
  ...more,
})
const kg = (grams: number): number => Math.round(grams / 10) / 100

test('published examples are reproduced to 10 g', () => {
  const cases: [massGrams: number, km: number, gramsPerTonneKm: number, kg: number][] = [
    [40_000_000, 423, 116, 1962.72],
    [40_000_000, 423, 7, 118.44],
    [4_000_000, 30, 793, 95.16],
    [10_000, 500, 782, 3.91],
  ]
  for (const [mass, distanceKm, intensity, expected] of cases) {
    assert.equal(kg(emissionOf(mass, [{ distanceKm, factor: factor(intensity) }], []).grams), expected)
  }
  assert.equal(kg(emissionOf(10_000, [{ distanceKm: 500, factor: DEFAULT_FACTORS.van }], []).grams), 3.91)
})

test('legs and hubs add up, and each part keeps its factor and source row', () => {
  const hub: EmissionFactorInput = { ...factor(0), factorId: 'hub-1', mode: 'hub', gramsPerTonne: 1200, sourceRow: 'T3' }
  const { grams, parts } = emissionOf(
    40_000_000,
    [
      { distanceKm: 423, factor: factor(7, { factorId: 'rail-1', mode: 'rail' }) },
      { distanceKm: 30, factor: factor(793, { factorId: 'van-1', mode: 'van' }) },
    ],
    [hub],
  )
  assert.equal(kg(grams), Math.round((118.44 + 951.6 + 48) * 100) / 100)
  assert.deepEqual(
    parts.map(({ factorId, sourceRow, grams: part }) => [factorId, sourceRow, Math.round(part)]),
    [
      ['rail-1', '1', 118_440],
      ['van-1', '1', 951_600],
      ['hub-1', 'T3', 48_000],
    ],
  )
})

test('the factor of a service: the one it names, else the configured default of its mode, else the hub’s own', () => {
  const own = factor(50, { factorId: 'own' })
  const standard = factor(90, { factorId: 'standard', isDefault: true })
  const { of, named } = compileFactors([standard, own, factor(91, { factorId: 'z', isDefault: true })])
  assert.deepEqual(
    [of('road', 'own').factorId, of('road').factorId, of('road', 'gone').factorId, of('rail').factorId, named('own')?.factorId],
    ['own', 'standard', 'standard', 'defra-2025-rail', 'own'],
  )
})

const folder = join(process.env['FULCRUM_DATA_SAMPLES'] ?? join(import.meta.dirname, '../../../../shared/data'), 'carbon')
const file = join(folder, 'defra_2025_tonne_km_by_mode.csv')
test('the hub’s own factors are the published rows', { skip: existsSync(file) ? false : `no ${file}` }, () => {
  const published = new Map(
    readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .map((line) => [line.slice(0, line.indexOf(',')), Number(line.slice(line.lastIndexOf(',') + 1))]),
  )
  const checked = Object.values(DEFAULT_FACTORS).filter(({ sourceRow, gramsPerTonneKm }) => {
    assert.equal(Math.round((published.get(sourceRow) ?? NaN) * 100_000) / 100, gramsPerTonneKm, sourceRow)
    return true
  })
  assert.equal(checked.length, 6)
})
