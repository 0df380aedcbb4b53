import components from 'antd/locale/zh_CN'
import type { Words } from './words.ts'
import { zh } from './zh.ts'

export const words: Words = { language: 'zh-CN', messages: zh, components }
