import { useCallback } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useText } from '../../i18n/language.tsx'
import { type Lane, useFactNames } from './facts.ts'

type Transit = {
  readonly transitDays?: Lane['transitDays']
  readonly transitHours?: Lane['transitHours']
  readonly speedKmPerDay?: number
}

/** How long it takes, in words. */
export function useTransit(): (of: Transit) => string {
  const t = useText()
  const format = useFormat()
  return useCallback(
    ({ transitDays, transitHours, speedKmPerDay }) => {
      if (transitDays !== undefined) {
        const { min, max } = transitDays
        return min === max ? t('network.days.one', { n: min }) : t('network.days', { min, max })
      }
      if (transitHours !== undefined)
        return t('network.hours', { min: format.number(transitHours.p50), max: format.number(transitHours.p90) })
      if (speedKmPerDay !== undefined) return t('network.speed', { n: format.number(speedKmPerDay) })
      return t('network.byLane')
    },
    [t, format],
  )
}

/** Where a lane starts or ends, in words. */
export function usePlaceName(): (place: Lane['from'] | Lane['to']) => string {
  const t = useText()
  const { language } = useLanguage()
  const { nodes } = useFactNames()
  return useCallback(
    (place) => {
      if (place === undefined) return t('network.everywhere')
      if ('nodeId' in place && place.nodeId !== undefined) return nodes.get(place.nodeId) ?? place.nodeId
      const { city, region, countryCode } = place
      const country = countryCode === undefined ? undefined : new Intl.DisplayNames(language, { type: 'region' }).of(countryCode)
      const postal =
        'postalPrefix' in place && place.postalPrefix !== undefined ? t('network.postal', { prefix: place.postalPrefix }) : undefined
      return [postal, city === region ? undefined : city, region, country].filter(Boolean).join(', ') || t('network.everywhere')
    },
    [t, language, nodes],
  )
}
