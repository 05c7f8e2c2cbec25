import { afterEach, describe, expect, it, vi } from 'vitest'
import { InputError } from '../../bin/commands/terminal/explain.ts'
import { keyMeant, keysMeant } from '../../bin/commands/trace/keys-meant.ts'

const key = 'shop/sales-order/T1'
const other = 'shop/purchase-requisition/P1'
const table = vi.hoisted(() => ({ numbers: new Map<string, readonly string[]>(), keys: new Set<string>() }))
vi.mock('#aws/table.ts', () => ({
  casesOfNumber: async (number: string) => table.numbers.get(number) ?? [],
  readRange: async (pk: string) => (table.keys.has(pk) ? [{ pk }] : []),
}))
afterEach(() => {
  table.numbers.clear()
  table.keys.clear()
})

describe('the case that a person means', () => {
  it('is found by the number of any of its documents, with blanks around it as well', async () => {
    table.numbers.set('DN-1', [key])
    table.keys.add(key)
    expect(await keyMeant('DN-1', ['shop'])).toBe(key)
    expect(await keyMeant(' DN-1 ', ['shop'])).toBe(key)
  })

  it('may be signals that wait for an order that never came', async () => {
    table.keys.add(key)
    expect(await keyMeant('T1', ['shop'])).toBe(key)
  })

  it('is asked for in full where a number is of several, and told where it is of none', async () => {
    table.numbers.set('2026-3', [key, other])
    table.keys.add(key).add(other)
    await expect(keyMeant('2026-3', ['shop'])).rejects.toThrow(`2026-3 may be ${key} or ${other}: give the whole key.`)
    await expect(keyMeant('t1', ['shop'])).rejects.toThrow('There is no case t1, and none with that number; upper and')
  })

  it('is never asked of the table without a name', async () => {
    await expect(keysMeant('  ', ['shop'])).rejects.toThrow(InputError)
  })
})
