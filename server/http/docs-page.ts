import { createHash } from 'node:crypto'
import type { OpenApiDocument, Operation } from './openapi.ts'
import type { Language } from './problems.ts'

export type Page = { readonly html: string; readonly policy: string }

const words = {
  en: {
    title: 'Fulcrum API',
    intro: 'Everything the hub can do. The same as a machine reads it:',
    find: 'Filter by word or path',
    permission: 'permission',
    public: 'public',
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Answers',
    schemas: 'Shapes',
    problems: 'Problems',
    problemsIntro: 'Every problem has a code that names the rule that failed.',
    code: 'code',
    status: 'status',
    meaning: 'meaning',
    required: 'required',
    other: '中文',
  },
  zh: {
    title: 'Fulcrum 接口文档',
    intro: '本系统的全部能力。机器可读版本：',
    find: '按关键词或路径筛选',
    permission: '权限',
    public: '公开',
    parameters: '参数',
    body: '请求体',
    answers: '响应',
    schemas: '数据结构',
    problems: '错误码',
    problemsIntro: '每个错误都带有代码，指明违反的规则。',
    code: '代码',
    status: '状态码',
    meaning: '含义',
    required: '必填',
    other: 'English',
  },
} as const
type Words = (typeof words)[Language]

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The document as one readable page: no script or style from anywhere else, both languages, light and dark, any width. */
export function docsPage(document: OpenApiDocument, language: Language): Page {
  const w: Words = words[language]
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = document.tags.map((tag) => String(tag['name']))
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag))
    return `<section id="${tag}"><h2>${titleOf(tag, language)}</h2>${own.map(({ path, method, operation }) => operationHtml(path, method, operation, language, w)).join('')}</section>`
  })
  const shapes = Object.entries(document.components.schemas)
    .map(([name, schema]) => `<details id="schema-${name}"><summary><code>${name}</code></summary>${jsonHtml(schema)}</details>`)
    .join('')
  const problems = document['x-problems']
    .map(
      (problem) =>
        `<tr id="problem-${problem.code}"><td><code>${problem.code}</code></td><td>${problem.status}</td><td>${escape(problem[language])}</td></tr>`,
    )
    .join('')
  const nav = [
    ...tags.map((tag) => [tag, titleOf(tag, language)] as const),
    ['schemas', w.schemas] as const,
    ['problems', w.problems] as const,
  ]
  const html = `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${w.title}</title><style>${STYLE}</style></head><body>
<header><h1>${w.title} <small>${escape(document.info.version)}</small></h1><p>${w.intro} <a href="/openapi.json">openapi.json</a></p>
<a class="other" href="/docs?lang=${language === 'zh' ? 'en' : 'zh'}" lang="${language === 'zh' ? 'en' : 'zh-CN'}">${w.other}</a></header>
<nav>${nav.map(([id, text]) => `<a href="#${id}">${text}</a>`).join(' ')}</nav>
<main><input id="find" type="search" placeholder="${w.find}" aria-label="${w.find}">
${sections.join('\n')}
<section id="schemas"><h2>${w.schemas}</h2>${shapes}</section>
<section id="problems"><h2>${w.problems}</h2><p>${w.problemsIntro}</p><div class="wide"><table><thead><tr><th>${w.code}</th><th>${w.status}</th><th>${w.meaning}</th></tr></thead><tbody>${problems}</tbody></table></div></section>
</main><script>${SCRIPT}</script></body></html>`
  const policy = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return { html, policy }
}

function operationHtml(path: string, method: string, operation: Operation, language: Language, w: Words): string {
  const summary = language === 'zh' ? operation['x-summary-zh'] : operation.summary
  const description = language === 'zh' ? operation['x-description-zh'] : operation.description
  const permission = operation['x-permission'] === 'public' ? w.public : `${w.permission} ${operation['x-permission']}`
  const id = escape(operation.operationId)
  return `<details class="op" id="op-${id}"><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code> <span>${escape(summary)}</span></summary>
<p class="meta"><code>${id}</code> · ${escape(permission)} · p99 ≤ ${operation['x-sla-ms']} ms</p>${description === undefined ? '' : `<p>${escape(description)}</p>`}
${parametersHtml(operation, w)}${operation.requestBody === undefined ? '' : `<h4>${w.body}</h4>${jsonHtml(contentOf(operation.requestBody))}`}
<h4>${w.answers}</h4>${Object.entries(operation.responses)
    .map(([status, response]) => `<div class="answer"><b>${status}</b> ${answerHtml(response)}</div>`)
    .join('')}</details>`
}

function parametersHtml(operation: Operation, w: Words): string {
  if (operation.parameters.length === 0) return ''
  const rows = operation.parameters.map((parameter) => {
    const required = parameter['required'] === true ? ` <em>${w.required}</em>` : ''
    return `<tr><td><code>${escape(String(parameter['name']))}</code>${required}</td><td>${escape(String(parameter['in']))}</td><td>${jsonHtml(parameter['schema'])}</td></tr>`
  })
  return `<h4>${w.parameters}</h4><div class="wide"><table><tbody>${rows.join('')}</tbody></table></div>`
}

function answerHtml(response: Readonly<Record<string, unknown>>): string {
  const description = escape(String(response['description'])).replace(/`([a-z_]+)`/g, '<a href="#problem-$1"><code>$1</code></a>')
  const content = contentOf(response)
  const isProblem = JSON.stringify(content).includes('schemas/Problem"')
  return isProblem ? description : `${description} ${jsonHtml(content)}`
}

/** The schema of the first content type. */
function contentOf(part: Readonly<Record<string, unknown>>): unknown {
  const [first] = Object.values(Object(part['content'])) as readonly unknown[]
  return Reflect.get(Object(first), 'schema')
}

/** JSON with every `$ref` a link. */
function jsonHtml(value: unknown): string {
  const text = escape(JSON.stringify(value, undefined, 2))
  const linked = text.replace(/\{\s*&quot;\$ref&quot;: &quot;#\/components\/schemas\/(\w+)&quot;\s*\}/g, '<a href="#schema-$1">$1</a>')
  return `<pre>${linked}</pre>`
}

/** What the groups of capabilities are called; a group without a word here shows its own name. */
const GROUPS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  item: ['Items', '商品'],
  node: ['Nodes', '节点'],
  channel: ['Channels', '渠道'],
  carrier: ['Carriers', '承运商'],
  lane: ['Lanes', '线路'],
  rate: ['Rates', '运价'],
  calendar: ['Calendars', '日历'],
  account: ['Accounts', '信用账户'],
  taxRule: ['Tax rules', '税则'],
  complianceRule: ['Compliance rules', '合规规则'],
  emissionFactor: ['Emission factors', '排放因子'],
  supply: ['Supply', '在途与采购'],
  stock: ['Stock', '库存'],
  availability: ['Availability', '可承诺量'],
  promise: ['Promises', '承诺'],
  order: ['Orders', '订单'],
  person: ['Personal data', '个人信息'],
  inbox: ['Error inbox', '错误收件箱'],
  event: ['Events', '事件'],
  key: ['API keys', 'API 密钥'],
  user: ['Users', '用户'],
  session: ['Sessions', '会话'],
  hub: ['The hub', '系统'],
}
const titleOf = (group: string, language: 'en' | 'zh'): string => GROUPS[group]?.[language === 'zh' ? 1 : 0] ?? group

const STYLE = `:root{--bg:#fff;--fg:#1b1f24;--soft:#5b6673;--line:#d9dee4;--card:#f6f8fa;--accent:#0b5cad}
@media (prefers-color-scheme:dark){:root{--bg:#12161b;--fg:#e6e9ed;--soft:#9aa5b1;--line:#2c343d;--card:#1a2027;--accent:#7db7f0}}
*{box-sizing:border-box}html{scroll-padding-top:4rem}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.55 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
header,main{max-width:60rem;margin:0 auto;padding:1rem}header{position:relative}h1{margin:.2rem 0;font-size:1.5rem}h1 small{font-size:.9rem;color:var(--soft);font-weight:400}
.other{position:absolute;right:1rem;top:1.3rem}a{color:var(--accent)}nav{position:sticky;top:0;background:var(--bg);border-bottom:1px solid var(--line);padding:.6rem 1rem;overflow-x:auto;white-space:nowrap;z-index:1}nav a{margin-right:.8rem}@media (min-width:60rem){nav{white-space:normal;text-align:center}}
#find{width:100%;font:inherit;padding:.5rem .7rem;border:1px solid var(--line);border-radius:6px;background:var(--card);color:var(--fg)}h2{margin:1.6rem 0 .5rem;font-size:1.15rem}h4{margin:.9rem 0 .3rem;color:var(--soft);font-size:.9rem}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;padding:0 .8rem;background:var(--card)}details[open]{padding-bottom:.8rem}summary{cursor:pointer;padding:.5rem 0;overflow-wrap:anywhere}summary span{color:var(--soft)}
b.get,b.post,b.put,b.delete{display:inline-block;min-width:3.6rem;font-size:.8rem}b.get{color:#2f8f5b}b.post{color:#b0690f}b.put{color:#6a55c2}b.delete{color:#c0392b}code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85rem}
pre{margin:.2rem 0;padding:.5rem;background:var(--bg);border:1px solid var(--line);border-radius:4px;overflow:auto;max-height:24rem}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .5rem;border-top:1px solid var(--line)}
.meta{color:var(--soft);margin:.2rem 0}.answer{margin:.3rem 0}em{color:#c0392b;font-style:normal;font-size:.8rem}[hidden]{display:none}`

const SCRIPT = `var f=document.getElementById('find');f.addEventListener('input',function(){var q=f.value.toLowerCase();document.querySelectorAll('details.op').forEach(function(d){d.hidden=q!==''&&d.textContent.toLowerCase().indexOf(q)<0})});
function o(){var e=document.getElementById(decodeURIComponent(location.hash.slice(1)));if(e&&e.tagName==='DETAILS'){e.open=true;e.scrollIntoView()}}window.addEventListener('hashchange',o);o()`
