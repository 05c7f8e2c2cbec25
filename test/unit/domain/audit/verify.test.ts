import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyExport } from '#domain/audit/verify.ts'
import { exportOf, otherKey, plans, publicKey, type Row } from './tampered.ts'
import { tamperings } from './tamperings.ts'

/** All kinds together; AUDIT_TAMPERINGS=10000 with --testTimeout 300000 takes two minutes. */
const numRuns = Math.ceil(Number(process.env.AUDIT_TAMPERINGS ?? 650) / Object.keys(tamperings).length)
const textsOf = (rows: readonly Row[]) => rows.map(({ text }) => text)

describe('an export under signed roots', () => {
  it('that nobody has touched is as it was sealed, with or without who acted', () => {
    fc.assert(
      fc.property(plans, fc.boolean(), (plan, withPersons) => {
        const rows = exportOf(plan).filter(({ what }) => withPersons || what !== 'personal')
        const entries = rows.filter(({ what }) => what === 'entry')
        expect(verifyExport(textsOf(rows), publicKey)).toMatchObject({
          finding: undefined,
          chains: rows.filter(({ what }) => what === 'chain').length,
          entries: entries.length,
          withoutPerson: withPersons ? 0 : entries.filter(({ entry }) => entry?.personal !== undefined).length,
        })
      }),
      { numRuns: 100 },
    )
  })

  it('is nothing to another key', () => {
    const rows = exportOf({ days: [{ a: 2 }], personEvery: 3 })
    const { finding } = verifyExport(textsOf(rows), otherKey.toString())
    expect(finding).toMatchObject({ kind: 'changed', what: 'seal', day: '2026-11-24' })
  })

  it('takes a line that is of no kind for what it is, and not for the entry that follows it', () => {
    const texts = textsOf(exportOf({ days: [{ a: 2 }], personEvery: 3 }))
    for (const strange of ['', 'not JSON']) {
      const { finding } = verifyExport([...texts.slice(0, 4), strange, ...texts.slice(4)], publicKey)
      expect(finding).toEqual({ kind: 'inserted', line: 5, what: 'line', day: '2026-11-24' })
      expect(verifyExport([...texts, strange], publicKey).finding).toEqual({
        ...{ kind: 'inserted', line: texts.length + 1, what: 'line' },
      })
    }
  })

  it.each(Object.entries(tamperings))('tells the right entry of whoever %s', (_title, tamper) => {
    let told = 0
    const draws = fc.infiniteStream(fc.nat())
    fc.assert(
      fc.property(plans, draws, (plan, stream) => {
        const draw = (below: number) => (below === 0 ? 0 : Number(stream.next().value) % below)
        const tampered = tamper(exportOf(plan), draw)
        fc.pre(tampered !== undefined)
        told++
        expect(verifyExport(textsOf(tampered.rows), publicKey).finding).toMatchObject(tampered.expected)
      }),
      { numRuns, maxSkipsPerRun: 1_000 },
    )
    expect(told).toBeGreaterThanOrEqual(numRuns)
  })
})
