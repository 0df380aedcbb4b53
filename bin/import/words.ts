import type { TerminalLanguage } from '../../server/terminal-language.ts'

const numbers = new Intl.NumberFormat('en')
const n = (count: number): string => numbers.format(count)

const texts = {
  en: {
    language: 'en',
    usage: 'usage: npm run import -- --mapping <olist or file.json> <folder> [--report <folder>] [--lang en|zh]',
    stopping: 'stopping when what is under way is kept (again: at once)',
    start: (importId: string, name: string, orders: number, from: number) =>
      `import ${importId} into ${name}: ${n(orders)} orders${from > 0 ? `, going on after row ${from}` : ''}`,
    ended: (isDone: boolean, seconds: string, done: number, rows: number) =>
      `${isDone ? 'done' : 'stopped'} after ${seconds} s: ${n(done)} of ${n(rows)} rows`,
    fact: (name: string, created: number, known: number) => `${name.padEnd(10)}${n(created)} new, ${n(known)} existing`,
    orders: (created: number, existing: number, rejected: number, blank: number) =>
      `order     ${n(created)} new, ${n(existing)} existing, ${n(rejected)} rejected, ${n(blank)} blank rows`,
    flags: 'flags on new orders',
    rejected: 'rejected orders',
    strays: (count: number) => `${n(count)} rows of other tables belong to no order`,
    rejectedFile: (file: string) => `rejected rows: ${file}`,
    nothingRejected: 'no row was rejected',
    goOn: (command: string) => `to go on: ${command}`,
    facts: (facts: string) => `facts: ${facts}`,
    stand: (share: number, done: number, rows: number, created: number, existing: number, rejected: number, rate: number) =>
      `${share} % ${done}/${rows} orders, ${created} new, ${existing} existing, ${rejected} rejected, ${rate}/s`,
    left: (seconds: number) => `, ${seconds} s left`,
  },
  zh: {
    language: 'zh',
    usage: '用法：npm run import -- --mapping <olist 或 file.json> <文件夹> [--report <文件夹>] [--lang en|zh]',
    stopping: '正在停止，先保存处理中的内容（再按一次立即停止）',
    start: (importId: string, name: string, orders: number, from: number) =>
      `导入 ${importId} 到 ${name}：${n(orders)} 张订单${from > 0 ? `，从第 ${from} 行之后继续` : ''}`,
    ended: (isDone: boolean, seconds: string, done: number, rows: number) =>
      `${isDone ? '完成' : '已停止'}，用时 ${seconds} 秒：${n(done)} / ${n(rows)} 行`,
    fact: (name: string, created: number, known: number) => `${name.padEnd(10)}新增 ${n(created)}，已存在 ${n(known)}`,
    orders: (created: number, existing: number, rejected: number, blank: number) =>
      `order     新增 ${n(created)}，已存在 ${n(existing)}，拒绝 ${n(rejected)}，空行 ${n(blank)}`,
    flags: '新订单上的标记',
    rejected: '被拒绝的订单',
    strays: (count: number) => `其他表中有 ${n(count)} 行不属于任何订单`,
    rejectedFile: (file: string) => `被拒绝的行：${file}`,
    nothingRejected: '没有行被拒绝',
    goOn: (command: string) => `继续导入：${command}`,
    facts: (facts: string) => `基础资料：${facts}`,
    stand: (share: number, done: number, rows: number, created: number, existing: number, rejected: number, rate: number) =>
      `${share} % ${done}/${rows} 张订单，新增 ${created}，已存在 ${existing}，拒绝 ${rejected}，${rate}/秒`,
    left: (seconds: number) => `，剩余 ${seconds} 秒`,
  },
} as const

export type ImportWords = (typeof texts)[TerminalLanguage]

/** What an import says to people; names of facts, flags and codes are the same in both languages. */
export const importWords = (language: TerminalLanguage): ImportWords => texts[language]
