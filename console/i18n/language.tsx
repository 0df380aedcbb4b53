import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { en, type MessageKey, type Messages } from './en.ts'
import { zh } from './zh.ts'

export type Language = 'zh-CN' | 'en'
const messagesOf: Readonly<Record<Language, Messages>> = { 'zh-CN': zh, en }
const KEY = 'fulcrum.language'

/** The language chosen before, else the browser's. */
export function firstLanguage(kept: string | null, browser: readonly string[]): Language {
  if (kept === 'en' || kept === 'zh-CN') return kept
  return browser[0]?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en'
}

/** The text of a key with its `{names}` filled in. */
export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export type Text = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string
type Spoken = { readonly language: Language; readonly t: Text; readonly speak: (language: Language) => void }
const Context = createContext<Spoken | undefined>(undefined)

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(() => firstLanguage(localStorage.getItem(KEY), navigator.languages))
  const speak = useCallback((next: Language) => {
    localStorage.setItem(KEY, next)
    setLanguage(next)
  }, [])
  document.documentElement.lang = language
  const spoken = useMemo<Spoken>(
    () => ({ language, speak, t: (key, values) => fill(messagesOf[language][key], values) }),
    [language, speak],
  )
  return <Context value={spoken}>{children}</Context>
}

export function useLanguage(): Spoken {
  const spoken = useContext(Context)
  if (spoken === undefined) throw new Error('no LanguageProvider above')
  return spoken
}

export const useText = (): Text => useLanguage().t

/** The text of a key made of a prefix and a value of the API; the bare value where there is none. */
export function useWord(): (prefix: string, value: string) => string {
  const { language } = useLanguage()
  return useCallback(
    (prefix, value) => (messagesOf[language] as Readonly<Record<string, string>>)[`${prefix}.${value}`] ?? value,
    [language],
  )
}
