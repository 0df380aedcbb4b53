import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Place } from '../../../contract/entities/basics.ts'
import { zoneOfArea, zoneOfNode, zoneOfPlace } from './zone.ts'
import zones from './zones.json' with { type: 'json' }

for (const [place, zone] of [
  [{ countryCode: 'US', region: 'California', lat: 40.7, lng: -74 }, 'America/New_York'],
  [{ countryCode: 'US', region: 'California' }, 'America/Los_Angeles'],
  [{ countryCode: 'US', region: 'ca' }, 'America/Los_Angeles'],
  [{ countryCode: 'US', region: 'US-TX' }, 'America/Chicago'],
  [{ countryCode: 'CA', region: 'Québec' }, 'America/Toronto'],
  [{ countryCode: 'AU', region: 'Western Australia' }, 'Australia/Perth'],
  [{ countryCode: 'CN', region: '新疆' }, 'Asia/Shanghai'],
  [{ countryCode: 'CN' }, 'Asia/Shanghai'],
  [{ countryCode: 'US', region: 'Atlantis' }, undefined],
  [{ countryCode: 'US' }, undefined],
  [{ countryCode: 'ZZ', region: 'X' }, undefined],
] satisfies [Place, string | undefined][])
  test(`${place.countryCode} ${place.region ?? ''}${place.lat === undefined ? '' : ' with coordinates'} is in ${zone}`, () =>
    assert.equal(zoneOfPlace(place), zone))

test('a node without a zone has that of its place, and UTC where that tells none', () => {
  assert.equal(zoneOfNode({ zone: 'Asia/Urumqi', place: { countryCode: 'CN' } }), 'Asia/Urumqi')
  assert.equal(zoneOfNode({ place: { countryCode: 'JP' } }), 'Asia/Tokyo')
  assert.equal(zoneOfNode({ place: { countryCode: 'ZZ' } }), 'UTC')
})

test('every zone of the table is one that the runtime knows, and every region is a known one', () => {
  for (const zone of Object.values(zones.single)) assert.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: zone }), zone)
  for (const [countryCode, regions] of Object.entries(zones.byRegion))
    for (const [region, zone] of Object.entries(regions)) {
      assert.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: zone }), zone)
      assert.equal(zoneOfArea({ countryCode, region }), zone)
    }
})
