import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import type { MessageKey } from './en.ts'
import { bringHere } from '../api/bring.ts'
import { fill } from './fill.ts'
import { KEY, wordsOf } from './load-words.ts'
import type { Language, Words } from './words.ts'

export type Text = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string
type Spoken = { readonly language: Language; readonly words: Words; readonly t: Text; readonly speak: (language: Language) => void }
const Context = createContext<Spoken | undefined>(undefined)

/** Another language is spoken once its words are here: until then the page stays whole in the one before, and the last choice counts. */
export function LanguageProvider({ first, children }: { readonly first: Words; readonly children: ReactNode }) {
  const [words, setWords] = useState(first)
  const asked = useRef<AbortController>(undefined)
  const speak = useCallback((next: Language) => {
    localStorage.setItem(KEY, next)
    asked.current?.abort()
    asked.current = new AbortController()
    void bringHere(() => wordsOf(next), { signal: asked.current.signal }).then((loaded) => {
      if (loaded === undefined) return
      document.documentElement.lang = next
      setWords(loaded)
    })
  }, [])
  const spoken = useMemo<Spoken>(() => {
    const plurals = new Intl.PluralRules(words.language)
    return { language: words.language, words, speak, t: (key, values = {}) => fill(words.messages[key], values, plurals) }
  }, [words, speak])
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
  const { words } = useLanguage()
  return useCallback((prefix, value) => (words.messages as Readonly<Record<string, string>>)[`${prefix}.${value}`] ?? value, [words])
}
