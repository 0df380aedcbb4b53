import { readFileSync, writeFileSync } from 'node:fs'
import { faults } from '../contract/faults.ts'
import { outcomes } from '../contract/outcomes.ts'
import { outcomeProblems } from '../server/http/outcome-problems.ts'
import { problemBook } from '../server/http/problems.ts'
import { row, table } from './markdown-table.ts'

export const ERRORS_PAGE = new URL('../docs/reference/errors.md', import.meta.url)

const anchor = (code: string): string => `<a id="problem-${code}"></a>\`${code}\``

/** docs/reference/errors.md, from the catalogues; `npm test` compares it with the file. */
export function renderErrors(): string {
  const book = problemBook(outcomeProblems)
  const surface = [...book.definitions]
    .filter(([code]) => !(code in outcomes))
    .map(([code, { title }]) => row(anchor(code), book.statusOf(code), title.en, title.zh))
  const trade = Object.entries(outcomes).map(([code, { title, rule }], i) =>
    row(i + 1, anchor(code), book.statusOf(code), `**${title.en}.** ${rule.en}`, `**${title.zh}。**${rule.zh}`),
  )
  const broken = Object.entries(faults).map(([code, { retry, title, remedy }]) =>
    row(`\`${code}\``, retry, `**${title.en}.** ${remedy.en}`, `**${title.zh}。**${remedy.zh}`),
  )
  return `${[
    '# Errors · 错误目录',
    'Generated from `contract/outcomes.ts`, `contract/access-problems.ts`, `contract/surface-problems.ts` and `contract/faults.ts` by `node bin/errors-doc.ts`; do not edit.\n本页由上述目录生成，请勿手工修改。',
    '## Problems of the surface and of access · 接口与访问问题',
    'Found before the trade is asked. 在业务规则之前判定。',
    table(['code', 'status', 'en', '中文'], surface),
    '## Refusals · 业务拒绝',
    'Where several rules are broken the first in this table is answered. 同时违反多条规则时，返回表中最靠前的一条。',
    table(['#', 'code', 'status', 'rule', '规则'], trade),
    '## Faults · 故障',
    'In the log, for operators; callers see `unavailable`, `overloaded` or `internal`. 供运维查看，调用方只看到 `unavailable`、`overloaded` 或 `internal`。',
    table(['code', 'retry', 'what to do', '处理'], broken),
  ].join('\n\n')}\n`
}

if (import.meta.main) {
  const page = renderErrors()
  if (process.argv.includes('--check')) process.exitCode = readFileSync(ERRORS_PAGE, 'utf8') === page ? 0 : 1
  else writeFileSync(ERRORS_PAGE, page)
}
