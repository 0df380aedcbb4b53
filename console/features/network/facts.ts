import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Answer, hub } from '../../api/hub.ts'
import { useLanguage, useText } from '../../i18n/language.tsx'
import { useMay } from '../session/session.ts'

type Page<T> = { readonly items: readonly T[]; readonly next?: string }
const PAGES_MAX = 20

/** All pages of a list of reference data, at most twenty. */
export async function allOf<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  for (let i = 0; i < PAGES_MAX; i++) {
    const answer = await page(cursor)
    all.push(...answer.items)
    cursor = answer.next
    if (cursor === undefined) break
  }
  return all
}

const query = (cursor: string | undefined) => ({ query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } })

export type Node = Answer<'node.list'>['items'][number]
export type Carrier = Answer<'carrier.list'>['items'][number]
export type Lane = Answer<'lane.list'>['items'][number]
export type Channel = Answer<'channel.list'>['items'][number]

export function useNodes() {
  const may = useMay()
  return useQuery({
    queryKey: ['facts', 'node'],
    enabled: may('facts.read'),
    queryFn: () => allOf((cursor) => hub.call('node.list', query(cursor))),
    staleTime: 300_000,
  })
}
export function useChannels() {
  const may = useMay()
  return useQuery({
    queryKey: ['facts', 'channel'],
    enabled: may('facts.read'),
    queryFn: () => allOf((cursor) => hub.call('channel.list', query(cursor))),
    staleTime: 300_000,
  })
}
export function useCarriers() {
  const may = useMay()
  return useQuery({
    queryKey: ['facts', 'carrier'],
    enabled: may('facts.read'),
    queryFn: () => allOf((cursor) => hub.call('carrier.list', query(cursor))),
    staleTime: 300_000,
  })
}
export function useLanes() {
  const may = useMay()
  return useQuery({
    queryKey: ['facts', 'lane'],
    enabled: may('facts.read'),
    queryFn: () => allOf((cursor) => hub.call('lane.list', query(cursor))),
    staleTime: 300_000,
  })
}

/** The words for rules of tax and of what may be sold, asked for only where a rule is to be named; its id until then. */
export function useRuleNames(isAsked: boolean): (ruleId: string) => string {
  const { language } = useLanguage()
  const may = useMay()
  const rules = useQuery({
    queryKey: ['facts', 'rule'],
    enabled: isAsked && may('facts.read'),
    queryFn: async () => {
      const [compliance, tax] = await Promise.all([
        allOf((cursor) => hub.call('complianceRule.list', query(cursor))),
        allOf((cursor) => hub.call('taxRule.list', query(cursor))),
      ])
      return { compliance, tax }
    },
    staleTime: 300_000,
  }).data
  return useMemo(() => {
    const names = new Map(rules?.tax.map(({ ruleId, name }) => [ruleId, name]))
    for (const { ruleId, name } of rules?.compliance ?? []) names.set(ruleId, name[language] ?? name.en ?? name['zh-CN'] ?? ruleId)
    return (ruleId) => names.get(ruleId) ?? ruleId
  }, [rules, language])
}

export type Found = { readonly value: string; readonly label: string }
/** Items by a part of their SKU or name, as choices. */
export function useItemsLike(typed: string): Found[] {
  const may = useMay()
  const found = useQuery({
    queryKey: ['facts', 'item', 'search', typed],
    enabled: typed !== '' && may('facts.read'),
    staleTime: 60_000,
    queryFn: ({ signal }) => hub.call('item.list', { query: { q: typed, limit: 20 } }, { signal }),
    placeholderData: keepPreviousData,
  })
  if (typed === '') return []
  return (found.data?.items ?? []).map(({ sku, name }) => ({ value: sku, label: name === undefined ? sku : `${name} (${sku})` }))
}

export type Calendar = Answer<'calendar.list'>['items'][number]
export function useCalendars() {
  const may = useMay()
  return useQuery({
    queryKey: ['facts', 'calendar'],
    enabled: may('facts.read'),
    queryFn: () => allOf((cursor) => hub.call('calendar.list', query(cursor))),
    staleTime: 300_000,
  })
}

/** The words for nodes and channels, wherever an id would stand. */
export function useFactNames(): { readonly nodes: ReadonlyMap<string, string>; readonly channels: ReadonlyMap<string, string> } {
  const nodes = useNodes().data
  const channels = useChannels().data
  return useMemo(
    () => ({
      nodes: new Map(nodes?.map((node) => [node.nodeId, node.name])),
      channels: new Map(channels?.map((channel) => [channel.channelId, channel.name])),
    }),
    [nodes, channels],
  )
}

/** The words for a carrier and its service; undefined for a reader who may not know carriers, and would read bare ids. */
export function useServiceName(): (carrierId: string, serviceId: string | undefined) => string | undefined {
  const t = useText()
  const may = useMay()
  const carriers = useCarriers().data
  return (carrierId, serviceId) => {
    if (carrierId === 'default') return t('network.service.default')
    if (!may('facts.read')) return undefined
    const carrier = carriers?.find((one) => one.carrierId === carrierId)
    const service = carrier?.services.find((one) => one.serviceId === serviceId)
    return [carrier?.name ?? carrierId, service?.name ?? serviceId].filter((part) => part !== undefined).join(' · ')
  }
}
