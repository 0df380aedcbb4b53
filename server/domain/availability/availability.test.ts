import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createAvailability, type Position } from './availability.ts'

const position = (onHand: number, version: number): Position => ({
  onHand,
  soft: 0,
  firm: 0,
  committed: 0,
  safety: 0,
  backorderLimit: 0,
  version,
})

describe('availability', () => {
  it('is onHand − soft − firm − committed − safety + backorderLimit', () => {
    const availability = createAvailability()
    availability.setPosition(3, 7, { onHand: 100, soft: 1, firm: 2, committed: 4, safety: 8, backorderLimit: 16, version: 1 })
    assert.equal(availability.availableAt(3, 7), 101)
    assert.equal(availability.availableAt(3, 8), 0)
    assert.equal(availability.availableAt(99_999, 7), 0)
  })

  it('ignores a row older than the one it knows', () => {
    const availability = createAvailability()
    assert.equal(availability.setPosition(1, 1, position(10, 5)), true)
    assert.equal(availability.setPosition(1, 1, position(99, 4)), false)
    assert.equal(availability.availableAt(1, 1), 10)
  })

  it('shows a pending hold to the next decision and gives it back on undo', () => {
    const availability = createAvailability()
    availability.setPosition(1, 1, position(10, 1))
    availability.hold(1, 1, 4)
    assert.equal(availability.availableAt(1, 1), 6)
    availability.setPosition(1, 1, position(20, 2))
    assert.equal(availability.availableAt(1, 1), 16)
    availability.undo(1, 1, 4)
    assert.equal(availability.availableAt(1, 1), 20)
    assert.throws(() => availability.undo(1, 1, 1), /pending/)
  })

  it('never counts a committed unit twice, whichever of two batches reports first', () => {
    const availability = createAvailability()
    availability.setPosition(1, 1, position(10, 1))
    availability.hold(1, 1, 2)
    availability.hold(1, 1, 3)
    availability.settle(1, 1, 3, { ...position(10, 3), firm: 5 })
    assert.equal(availability.availableAt(1, 1), 3)
    availability.settle(1, 1, 2, { ...position(10, 2), firm: 2 })
    assert.equal(availability.availableAt(1, 1), 5)
  })

  it('keeps a settled unit taken until the row arrives', () => {
    const availability = createAvailability()
    availability.setPosition(1, 1, position(10, 1))
    availability.hold(1, 1, 2)
    availability.settle(1, 1, 2)
    assert.equal(availability.availableAt(1, 1), 8)
    availability.setPosition(1, 1, { ...position(10, 2), firm: 2 })
    assert.equal(availability.availableAt(1, 1), 8)
  })

  it('takes over an item at several nodes as it would take them one by one, whatever it knows of it', () => {
    const run = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }).map((nodes) => Int32Array.from(nodes).sort())
    const rows = fc.array(fc.record({ item: fc.integer({ min: 0, max: 3 }), nodes: run, version: fc.integer({ min: 1, max: 3 }) }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(rows, (all) => {
        const [runs, singles] = [createAvailability(), createAvailability()]
        for (const { item, nodes, version } of all) {
          const units = (node: number): number => node * 10 + version
          runs.setRun(item, { nodes, available: nodes.map(units), versions: nodes.map(() => version) })
          for (const node of nodes) singles.setPosition(item, node, position(units(node), version))
          for (const one of [runs, singles]) if (nodes[0] !== undefined) one.hold(item, nodes[0], 1)
        }
        const shown = (one: typeof runs): number[][] =>
          [0, 1, 2, 3].map((item) => {
            const seen: number[] = []
            one.forEachNode(item, (nodeNo, available) => seen.push(nodeNo, available))
            return seen
          })
        assert.deepEqual(shown(runs), shown(singles))
        assert.equal(runs.positions, singles.positions)
      }),
    )
  })

  it('equals a plain map under any sequence of changes, with every posting list sorted', () => {
    const op = fc.record({
      kind: fc.constantFrom('set', 'hold', 'undo', 'settle', 'drop'),
      item: fc.integer({ min: 0, max: 6 }),
      node: fc.integer({ min: 0, max: 40 }),
      units: fc.integer({ min: 0, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(op, { maxLength: 200 }), (ops) => {
        const availability = createAvailability({ slots: 1, items: 1 })
        const model = new Map<string, { base: number; held: number }>()
        ops.forEach(({ kind, item, node, units }, index) => {
          const key = `${item}/${node}`
          const known = model.get(key) ?? { base: 0, held: 0 }
          if (kind === 'set') {
            availability.setPosition(item, node, position(units, index))
            model.set(key, { ...known, base: units })
          } else if (kind === 'hold') {
            availability.hold(item, node, units)
            model.set(key, { ...known, held: known.held + units })
          } else if (kind === 'drop') {
            if (known.held > 0) return
            availability.dropPosition(item, node)
            model.delete(key)
          } else if (model.has(key) && known.held >= units) {
            if (kind === 'undo') availability.undo(item, node, units)
            else availability.settle(item, node, units)
            model.set(key, { base: known.base - (kind === 'settle' ? units : 0), held: known.held - units })
          }
        })
        assert.equal(availability.positions, model.size)
        for (let item = 0; item <= 6; item++) {
          const nodes: number[] = []
          availability.forEachNode(item, (node, available) => {
            nodes.push(node)
            const known = model.get(`${item}/${node}`)
            assert.equal(available, known && known.base - known.held)
          })
          assert.deepEqual(
            nodes,
            [...new Set(nodes)].toSorted((a, b) => a - b),
          )
        }
      }),
      { numRuns: 200 },
    )
  })

  it('holds 1,000,000 positions in less than 150 MB', () => {
    const availability = createAvailability()
    for (let item = 1; item <= 200_000; item++)
      for (let k = 0; k < 5; k++) availability.setPosition(item, 1 + ((item * 7 + k * 111) % 559), position(k, 1))
    assert.equal(availability.positions, 1_000_000)
    assert.ok(availability.bytes < 150_000_000, `${availability.bytes} bytes`)
  })
})
