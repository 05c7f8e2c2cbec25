import { afterAll, beforeAll, expect, it } from 'vitest'
import { lifeOf, newOrder } from './life.ts'
import { tell } from './tell.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

it('credits no more than was invoiced when what comes back in parts rounds up to a cent more', async () => {
  // 4 × 12.665 = 50.66 with 5 % is 53.19; 2 × 12.665 = 25.33 with 5 % is 26.60 (26.5965), and twice that is 53.20.
  const line = { number: '10', item: { id: 'P01' }, quantity: '4', unitPrice: '14.90', discount: '0.15' }
  const order = newOrder({ lines: [{ ...line, taxCode: 'reduced' }], freight: undefined, freightTaxCode: undefined })
  const turns = lifeOf(erp, order)
  const { result, changes } = await tell(
    () => erp.booksOf('C001'),
    {},
    async (bring, look) => {
      const sale = await bring(turns.salesOrder())
      const delivery = await bring(turns.goodsIssue(sale.id, 'DN-1'))
      const invoice = await bring(turns.customerInvoice(sale.id, delivery.id, 'DN-1'))
      const credit = async (name: string) => {
        const back = await bring(turns.goodsReturn(sale.id, `RET-${name}`, [{ line: '10', quantity: '2' }]))
        return bring(turns.creditNote(sale.id, `CN-${name}`, { of: 'return', goodsReturnId: back.id }))
      }
      const credits = [await credit('1'), await credit('2')]
      await look()
      return [invoice, ...credits]
    },
  )
  expect(result.map(({ amount }) => amount)).toEqual(['53.19', '26.60', '26.59'])
  expect(changes).toMatchObject([{ receivable: '0.00', stock: ['0', '0'], balances: true }])
})
