import { Tag } from 'antd'
import { issueText } from '../../../contract/body-issues.ts'
import type { Answer } from '../../api/hub.ts'
import { useLanguage } from '../../i18n/language.tsx'

type Issue = Answer<'channel.inbox'>['items'][number]['issues'][number]
const tones = { error: 'error', warning: 'warning', notice: 'default' } as const

/** What is wrong with a body: in words, where, and what was expected there. What stopped it comes first. */
export function IssueList({ issues }: { readonly issues: readonly Issue[] }) {
  const { t, language } = useLanguage()
  const sorted = issues.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
  return (
    <ul className="issues">
      {sorted.map((issue, i) => (
        <li key={i}>
          <Tag color={tones[issue.severity]}>{t(`inbox.severity.${issue.severity}`)}</Tag>
          <span>{issueText(issue.code)?.[language === 'en' ? 'en' : 'zh'] ?? issue.code}</span>
          {issue.path !== '$' && <code className="mono">{issue.path}</code>}
          <div className="muted">{t('system.inbox.issue', { expected: issue.expected, got: issue.got })}</div>
        </li>
      ))}
    </ul>
  )
}

const severities = ['error', 'warning', 'notice']
