import { useCallback } from 'react'
import { clockTitles } from '../../../contract/entities/timeline.ts'
import { useLanguage, useWord } from '../../i18n/language.tsx'
import { useFactNames } from '../network/facts.ts'

type Told = { readonly type: string; readonly channelId?: string; readonly data: Readonly<Record<string, unknown>> }

/** What tells one event of a kind from the next, in words: its clock, its task, its node or its channel. */
export function useEventDetail(): (event: Told) => string {
  const { language } = useLanguage()
  const word = useWord()
  const { nodes, channels } = useFactNames()
  return useCallback(
    ({ type, channelId, data }) => {
      const { clock, kind, nodeId, externalRef } = data
      const titles: Readonly<Record<string, (typeof clockTitles)['review']>> = clockTitles
      const parts = [
        typeof clock === 'string' ? titles[clock]?.[language === 'en' ? 'en' : 'zh'] : undefined,
        type.startsWith('task.') && typeof kind === 'string' ? word('task.kind', kind) : undefined,
        typeof externalRef === 'string' ? externalRef : undefined,
        typeof nodeId === 'string' ? (nodes.get(nodeId) ?? nodeId) : undefined,
      ].filter((part) => part !== undefined)
      if (parts.length === 0 && channelId !== undefined) parts.push(channels.get(channelId) ?? channelId)
      return parts.join(' · ')
    },
    [language, word, nodes, channels],
  )
}
