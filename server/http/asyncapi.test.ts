import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import { Type, type TSchema } from 'typebox'
import { startApp } from '../../test/support/http-app.ts'
import { events } from '../../contract/events.ts'
import { asyncApiOf } from './asyncapi.ts'

const document = asyncApiOf('1.2.3')
const types = Object.keys(events)

/** Everything under `$ref` and what it points to. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => (key === '$ref' ? [String(one)] : refsIn(one)))
}
const resolved = (pointer: string): unknown =>
  pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((value, name) => Reflect.get(Object(value), name), document)

/** The rules of AsyncAPI 3.0.0 that the document must keep, as far as it uses them. */
const Reference = Type.Object({ $ref: Type.String({ pattern: '^#/' }) }, { additionalProperties: false })
const Names = (item: TSchema) => Type.Record(Type.String({ pattern: '^[A-Za-z0-9_.-]+$' }), item)
const Document = Type.Object(
  {
    asyncapi: Type.Literal('3.0.0'),
    info: Type.Object(
      {
        title: Type.String(),
        version: Type.String(),
        description: Type.String(),
        license: Type.Object({ name: Type.String(), url: Type.String() }),
      },
      { additionalProperties: false },
    ),
    defaultContentType: Type.String(),
    channels: Names(
      Type.Object(
        { address: Type.Union([Type.String(), Type.Null()]), description: Type.String(), messages: Names(Reference) },
        { additionalProperties: false },
      ),
    ),
    operations: Names(
      Type.Object(
        {
          action: Type.Union([Type.Literal('send'), Type.Literal('receive')]),
          channel: Reference,
          messages: Type.Array(Reference),
          security: Type.Optional(Type.Array(Reference)),
        },
        { additionalProperties: false },
      ),
    ),
    components: Type.Object(
      {
        messages: Names(
          Type.Object({
            name: Type.String(),
            title: Type.String(),
            summary: Type.String(),
            payload: Type.Object({}),
            headers: Type.Optional(Type.Object({ type: Type.Literal('object') })),
          }),
        ),
        schemas: Names(Type.Object({})),
        securitySchemes: Names(Type.Object({ type: Type.String() })),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

test('the document has the form of AsyncAPI 3.0.0', () => {
  const check = Compile(Document)
  const plain: unknown = JSON.parse(JSON.stringify(document))
  assert.deepEqual(
    [...check.Errors(plain)].map((error) => `${error.instancePath} ${error.message}`),
    [],
  )
})

test('every reference leads somewhere, and operations send messages of their own channel alone', () => {
  const refs = refsIn(document)
  assert.ok(refs.length > 4 * types.length, `saw ${refs.length} references`)
  assert.deepEqual(
    refs.filter((pointer) => resolved(pointer) === undefined),
    [],
  )
  for (const operation of Object.values(document.operations)) {
    const [channel = ''] = refsIn(operation['channel'])
    assert.ok(refsIn(operation['messages']).every((pointer) => pointer.startsWith(`${channel}/messages/`)))
  }
})

test('each event of the catalogue is one message of the stream and one of webhooks, in both languages', () => {
  for (const name of ['stream', 'webhook']) assert.deepEqual(Object.keys(document.channels[name]?.messages ?? {}), types)
  assert.equal(Object.keys(document.components.messages).length, 2 * types.length)
  for (const message of Object.values(document.components.messages)) assert.match(String(message['x-title-zh']), /\p{Script=Han}/u)
})

test('nothing of the schema library is left in it', () => {
  assert.ok(!JSON.stringify(document).includes('~'))
})

test('it is served to anybody', async () => {
  const { url } = await startApp({})
  const response = await fetch(`${url}/asyncapi.json`)
  assert.equal(response.status, 200)
  const served: unknown = await response.json()
  assert.equal(Reflect.get(Object(served), 'asyncapi'), '3.0.0')
})
