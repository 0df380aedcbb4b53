import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { emptyQuote } from '../../../test/support/empty-quote.ts'
import { defaultTransitDays, quoteDefaultService } from './default-service.ts'
import { createNodePlaces, distanceKm } from './distance.ts'

const lat = fc.double({ min: -90, max: 90, noNaN: true })
const lng = fc.double({ min: -180, max: 180, noNaN: true })

describe('distance', () => {
  it('is the great circle: Shanghai to Beijing 1,068 km, half the globe between poles', () => {
    assert.ok(Math.abs(distanceKm(31.23, 121.47, 39.9, 116.4) - 1068) < 2)
    assert.ok(Math.abs(distanceKm(90, 0, -90, 0) - 20015) < 1)
    assert.equal(distanceKm(31, 121, 31, 121), 0)
  })

  it('is the same from node places to within 1 m', () => {
    const places = createNodePlaces()
    fc.assert(
      fc.property(lat, lng, lat, lng, (latA, lngA, latB, lngB) => {
        places.set(3, latA, lngA)
        places.from(latB, lngB)
        assert.ok(Math.abs(places.kmTo(3) - distanceKm(latA, lngA, latB, lngB)) < 0.001)
      }),
    )
  })

  it('is not a number for a node without a place', () => {
    const places = createNodePlaces()
    places.set(2, 1, 1)
    assert.ok(Number.isNaN(places.kmTo(0)))
    assert.ok(Number.isNaN(places.kmTo(900)))
  })
})

describe('default service', () => {
  it('takes a day for each 800 km begun, at least one, and 1,000 km where the distance is unknown', () => {
    assert.deepEqual([0, 800, 801, Number.NaN].map(defaultTransitDays), [1, 1, 2, 2])
  })

  it('costs 800 + 0.2 × km a parcel and 100 + 0.05 × km a kg', () => {
    const quote = { ...emptyQuote(), shipBy: 1000 }
    quoteDefaultService(400, quote)
    assert.deepEqual([quote.freight, quote.freightPerKg, quote.deliverBy, quote.service], [880, 120, 1000 + 86_400_000, 0])
  })
})
