import type { CarrierMapper } from '../../engine/ports/carrier-mapper.ts'
import { mapScans } from './map-scans.ts'
import { carrierMappings } from './mappings.ts'

/** The mapper over all mapping files; a format without one keeps the body and says so. */
export function carrierMapper(): CarrierMapper {
  const formats = [...carrierMappings.keys()]
  return {
    formats,
    versions: new Map([...carrierMappings].map(([format, mapping]) => [format, mapping.version])),
    isAggregate: (format) => carrierMappings.get(format)?.aggregates === true,
    mapScans(carrier, bodyText) {
      const mapping = carrierMappings.get(carrier.format)
      if (mapping) return mapScans(mapping, carrier, bodyText)
      const issue = { code: 'format_unmapped', path: '$', expected: `a format with a mapping (${formats.join(', ')})`, got: carrier.format }
      return { parcels: [], issues: [issue], version: 0 }
    },
  }
}
