import { useCallback } from 'react'
import { issueText } from '../../../contract/body-issues.ts'
import { textOfReason } from '../../../contract/check-reasons.ts'
import { useLanguage } from '../../i18n/language.tsx'

/** The words for why a check found what it found, or why somebody must look at an order; the code where no list knows it. */
export function useReasonWords(): (code: string) => string {
  const { language } = useLanguage()
  return useCallback((code) => (textOfReason(code) ?? issueText(code))?.[language === 'en' ? 'en' : 'zh'] ?? code, [language])
}
