import components from 'antd/locale/en_US'
import { en } from './en.ts'
import type { Words } from './words.ts'

export const words: Words = { language: 'en', messages: en, components }
