import type { Locale } from 'antd/lib/locale'
import type { Messages } from './en.ts'

export type Language = 'zh-CN' | 'en'
/** All that one language says: our own messages and what the component library says by itself. */
export type Words = { readonly language: Language; readonly messages: Messages; readonly components: Locale }
