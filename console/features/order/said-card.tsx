import { Card, Descriptions } from 'antd'
import { useCallback } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { useServiceName } from '../network/facts.ts'
import type { Order } from './order.ts'

type Attributes = NonNullable<Order['attributes']>

/** What the buyer or the channel said beside what was sold; nothing where nothing was said. */
export function Said({ order }: { readonly order: Order }) {
  const t = useText()
  const format = useFormat()
  const serviceName = useServiceName()
  const attributeWords = useAttributeWords()
  const { note, requestedService, promisedBy, documents, attributes = {} } = order
  const rows = [
    [t('said.note'), note],
    [t('said.service'), requestedService && serviceName(requestedService.carrierId, requestedService.serviceId)],
    [t('said.promisedBy'), promisedBy && format.at(promisedBy)],
    [t('said.documents'), documents?.join(t('list.comma'))],
    ...attributeWords(attributes),
  ].filter(([, value]) => value !== undefined && value !== '')
  if (rows.length === 0) return null
  return (
    <Card size="small" title={t('said.title')}>
      <Descriptions
        column={1}
        size="small"
        items={rows.map(([label, value], i) => ({ key: i, label, children: <span className="said">{value}</span> }))}
      />
    </Card>
  )
}

/** Attributes by the words for them, and the bare name where a channel has words of its own. */
export function useAttributeWords(): (attributes: Attributes) => [name: string, value: string][] {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  return useCallback(
    (attributes) =>
      Object.entries(attributes).map(([name, value]) => [
        word('attribute', name),
        typeof value === 'boolean'
          ? t(value ? 'said.yes' : 'said.no')
          : name.endsWith('EpochSeconds') && typeof value === 'number'
            ? format.at(new Date(value * 1000).toISOString())
            : typeof value === 'number'
              ? String(value)
              : value,
      ]),
    [t, word, format],
  )
}
