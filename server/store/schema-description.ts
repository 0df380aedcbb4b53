import { type Pool, run, statement } from './database.ts'

type ColumnRow = { relation: string; line: string }

const readRelations = statement<{ relation: string; kind: string; options: string }>(
  'describeRelations',
  `select c.oid::regclass::text as relation,
  case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'materialized view' else 'sequence' end as kind,
  concat_ws(' ',
    case when c.relpersistence = 'u' then 'unlogged' end,
    case when c.relkind = 'p' then 'partition by ' || pg_get_partkeydef(c.oid) end,
    case when c.relispartition then 'partition of ' || i.inhparent::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid) end,
    case when c.reloptions is not null then 'with (' || array_to_string(c.reloptions, ', ') || ')' end
  ) as options
from pg_class as c
left join pg_inherits as i on i.inhrelid = c.oid
where c.relnamespace = 'public'::regnamespace
and c.relkind in ('r', 'p', 'v', 'm', 'S')
and not exists (select 1 from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
and not exists (select 1 from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i' and c.relkind = 'S')
order by c.relname collate "C"`,
)

const readColumns = statement<ColumnRow>(
  'describeColumns',
  `select a.attrelid::regclass::text as relation,
  concat_ws(' ',
    a.attname,
    format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end,
    case when a.attidentity <> '' then 'identity' end,
    case when a.attgenerated <> '' then 'generated ' || pg_get_expr(d.adbin, d.adrelid) else 'default ' || pg_get_expr(d.adbin, d.adrelid) end
  ) as line
from pg_attribute as a
join pg_class as c on c.oid = a.attrelid
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.relnamespace = 'public'::regnamespace
and c.relkind in ('r', 'p', 'v', 'm')
and not c.relispartition
and a.attnum > 0
and not a.attisdropped
order by a.attrelid, a.attnum`,
)

const readConstraints = statement<ColumnRow>(
  'describeConstraints',
  `select c.conrelid::regclass::text as relation, concat_ws(' ', 'constraint', c.conname, pg_get_constraintdef(c.oid)) as line
from pg_constraint as c
where c.connamespace = 'public'::regnamespace
and c.conrelid <> 0
and c.conparentid = 0
and c.contype <> 'n'
and not (select r.relispartition from pg_class as r where r.oid = c.conrelid)
order by c.contype, c.conname collate "C"`,
)

const readIndexes = statement<ColumnRow>(
  'describeIndexes',
  `select i.indrelid::regclass::text as relation, regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX (\\S+) ON (ONLY )?\\S+ ', 'index \\2 \\1') as line
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
where c.relnamespace = 'public'::regnamespace
and not c.relispartition
and not exists (select 1 from pg_constraint as o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
order by c.relname collate "C"`,
)

const readTriggers = statement<ColumnRow>(
  'describeTriggers',
  `select t.tgrelid::regclass::text as relation, 'trigger ' || pg_get_triggerdef(t.oid) as line
from pg_trigger as t
join pg_class as c on c.oid = t.tgrelid
where c.relnamespace = 'public'::regnamespace
and not t.tgisinternal
order by t.tgname collate "C"`,
)

const readOthers = statement<{ line: string }>(
  'describeOthers',
  `select line
from (
  select 'extension ' || e.extname as line from pg_extension as e where e.extname <> 'plpgsql'
  union all
  select 'type ' || t.typname || ' (' || string_agg(n.enumlabel, ', ' order by n.enumsortorder) || ')'
  from pg_type as t
  join pg_enum as n on n.enumtypid = t.oid
  group by t.typname
  union all
  select 'function ' || p.oid::regprocedure::text || ' returns ' || pg_get_function_result(p.oid) || ' body ' || md5(pg_get_functiondef(p.oid))
  from pg_proc as p
  where p.pronamespace = 'public'::regnamespace
  and p.prokind in ('f', 'p')
  and not exists (select 1 from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
) as others
order by line collate "C"`,
)

/**
 * The schema as text, from the catalogue: the same for the same schema whatever the order in which it was made, so that a
 * migration shows up in review as a change of db/schema.txt. A partition is one line: it looks like its parent.
 */
export async function describeSchema(pool: Pool): Promise<string> {
  const relations = await run(pool, readRelations)
  const linesOf = new Map<string, string[]>()
  for (const what of [readColumns, readConstraints, readIndexes, readTriggers]) {
    for (const { relation, line } of await run(pool, what)) linesOf.set(relation, [...(linesOf.get(relation) ?? []), line])
  }
  const blocks = relations.map(({ relation, kind, options }) => {
    const lines = linesOf.get(relation) ?? []
    return [`${kind} ${relation}${options === '' ? '' : ` ${options}`}`, ...lines.map((line) => `  ${line}`)].join('\n')
  })
  const others = (await run(pool, readOthers)).map((row) => row.line)
  return [...others, ...blocks].join('\n\n') + '\n'
}
