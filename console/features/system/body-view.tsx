import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Answer } from '../../api/hub.ts'
import { linesAt, linesOf } from './body-lines.ts'

type Issue = Answer<'inbox.body'>['issues'][number]

/** The text for reading and mending: JSON laid out, anything else as it came. */
export const laidOut = (text: string): string =>
  linesOf(text)
    ?.map((line) => line.text)
    .join('\n') ?? text

/** A body with what is wrong in it marked, and brought into view. */
export function BodyView({ text, issues, label }: { readonly text: string; readonly issues: readonly Issue[]; readonly label: string }) {
  const first = useRef<HTMLElement>(null)
  const runs = useMemo(() => runsOf(text, issues), [text, issues])
  useEffect(() => {
    first.current?.scrollIntoView({ block: 'center' })
  }, [runs])
  const firstMarked = runs.findIndex((run) => run.isMarked)
  return (
    // The region scrolls, so the keyboard must reach it.
    <pre className="body-text" tabIndex={0} role="region" aria-label={label}>
      {runs.map((run, i) =>
        run.isMarked ? (
          <mark key={i} ref={i === firstMarked ? (first as RefObject<HTMLElement>) : undefined}>
            {run.text}
          </mark>
        ) : (
          <span key={i}>{run.text}</span>
        ),
      )}
    </pre>
  )
}

type Run = { text: string; readonly isMarked: boolean }

/** Neighbouring lines that are marked alike become one piece: a body of thousands of lines is a few elements. */
function runsOf(text: string, issues: readonly Issue[]): readonly Run[] {
  const lines = linesOf(text)
  if (lines === undefined) return [{ text, isMarked: false }]
  const marked = new Set(issues.flatMap((issue) => (issue.severity === 'notice' ? [] : [...linesAt(lines, issue.path)])))
  const runs: Run[] = []
  for (const [i, line] of lines.entries()) {
    const last = runs.at(-1)
    const isMarked = marked.has(i)
    if (last?.isMarked === isMarked) last.text += `${line.text}\n`
    else runs.push({ text: `${line.text}\n`, isMarked })
  }
  return runs
}
