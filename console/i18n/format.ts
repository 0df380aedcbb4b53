import { useMemo } from 'react'
import { type Format, formatFor } from './formats.ts'
import { useLanguage } from './language.tsx'

export function useFormat(): Format {
  const { language } = useLanguage()
  return useMemo(() => formatFor(language), [language])
}
