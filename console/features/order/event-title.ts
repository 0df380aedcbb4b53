import { useCallback } from 'react'
import { type EventType, events } from '../../../contract/events.ts'
import { useLanguage } from '../../i18n/language.tsx'

/** What an event is called, by the catalogue. */
export function useEventTitle(): (type: string) => string {
  const { language } = useLanguage()
  return useCallback((type) => (type in events ? events[type as EventType].title[language === 'en' ? 'en' : 'zh'] : type), [language])
}
