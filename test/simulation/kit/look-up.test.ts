import { expect, it } from 'vitest'
import { documentsNamed, documentsOf } from '../erp/look-up.ts'
import { seededRandom } from '../random.ts'

type Document = { id: string; reference: string; stamp: number; visibleFromMs: number; invoiceId: string }

it('finds in long books what reading them through finds, whatever is put on, taken out or replaced', () => {
  const random = seededRandom('look-up')
  const documents: Document[] = []
  let ids = 0
  const next = (): Document => {
    ids += 1
    const named = { id: String(ids), reference: `R${random.integer(1, 300)}`, invoiceId: `I${random.integer(1, 50)}` }
    return { ...named, stamp: 0, visibleFromMs: 0 }
  }
  const change = () => {
    const at = random.integer(0, documents.length - 1)
    const there = documents[at]
    const what = random.integer(1, 10)
    if (what === 1) documents.splice(at, 1)
    // As a clerk changes it: it keeps its names.
    else if (what === 2 && there !== undefined) documents[at] = { ...there, stamp: there.stamp + 1 }
    else if (what === 3 && there !== undefined) documents.push({ ...there, id: `twice-${there.id}` })
    else documents.push(next())
  }
  for (let steps = 0; steps < 3000; steps++) {
    for (let changes = random.integer(0, 3); changes > 0; changes--) change()
    const [id, reference, invoiceId] = [
      String(random.integer(1, ids + 1)),
      `R${random.integer(1, 301)}`,
      `I${random.integer(1, 51)}`,
    ]
    expect(documentsOf(documents, 'id', id)).toEqual(documents.filter((one) => one.id === id))
    expect(documentsOf(documents, 'invoiceId', invoiceId)).toEqual(
      documents.filter((one) => one.invoiceId === invoiceId),
    )
    expect(documentsNamed(documents, [id, '7'], reference)).toEqual(
      documents.filter((one) => one.id === id || one.id === '7' || one.reference === reference),
    )
  }
  expect(documents.length).toBeGreaterThan(1000)
})
