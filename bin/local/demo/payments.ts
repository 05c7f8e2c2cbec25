import Big from 'big.js'
import * as z from 'zod'
import type { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, Id } from '#connectors/tryton/wire.ts'
import { referenceOf } from '#domain/fingerprint.ts'
import { postingKeyOf } from '#domain/keys.ts'
import { sum } from '#domain/money.ts'
import { settlementNumber } from '#domain/settlement.ts'
import { type DemoOrder, documentNumber, publicationsOf } from './demo-order.ts'

/** Money of one order that is booked between bank and customer or supplier, each entry by the number of its payment, refund or invoice. */
export interface PaymentBooks {
  readonly paidIn: readonly Payment[]
  readonly paidOut: readonly Payment[]
}

export interface Payment {
  readonly number: string
  readonly amount: string
}

/** The customer's or the supplier's side of a journal entry, and the reference that the entry bears. */
const Line = z.object({ id: Id, debit: Decimal, credit: Decimal, 'move.': z.object({ description: z.string() }) })

/** Reads the payments of all orders, each found by the reference under which the hub has to book it. */
export async function readPayments(
  client: TrytonClient,
  orders: readonly DemoOrder[],
): Promise<readonly PaymentBooks[]> {
  const references = orders.map((order) => ({ paidIn: paidInOf(order), paidOut: paidOutOf(order) }))
  const all = references.flatMap(({ paidIn, paidOut }) => [...paidIn, ...paidOut].map(({ reference }) => reference))
  const domain = [
    ['move.description', 'in', all],
    ['move.state', '=', 'posted'],
    ['party', '!=', null],
  ]
  const lines = await client.search(Line, 'account.move.line', domain, ['debit', 'credit', 'move.description'])
  const booked = (expected: readonly Referenced[], sign: 1 | -1): readonly Payment[] =>
    expected.flatMap(({ number, reference }) =>
      lines
        .filter((line) => line['move.'].description === reference)
        .map(({ debit, credit }) => ({ number, amount: new Big(credit).minus(debit).times(sign).toFixed(2) })),
    )
  return references.map(({ paidIn, paidOut }) => ({ paidIn: booked(paidIn, 1), paidOut: booked(paidOut, -1) }))
}

interface Referenced {
  readonly number: string
  readonly reference: string
}

function paidInOf(order: DemoOrder): readonly Referenced[] {
  return publicationsOf(order.kind).flatMap((publication) => {
    if (publication.event !== 'PaymentReceived') return []
    const name = { document: 'incoming-payment', number: documentNumber(order, publication.number) } as const
    return [{ number: publication.number, reference: referenceOf(postingKeyOf(order.caseKey, name), referenceLength) }]
  })
}

function paidOutOf(order: DemoOrder): readonly Referenced[] {
  const { paidOut = {}, creditNotes = [] } = order.kind.books
  return Object.entries(paidOut).map(([number, amount]) => {
    const own = documentNumber(order, number)
    // What a supplier has credited has settled a part of the invoice before the bank pays the rest.
    const name =
      order.kind.supplier === undefined
        ? ({ document: 'outgoing-payment', number: settlementNumber({ of: own, before: '0', amount }) } as const)
        : ({
            document: 'supplier-payment',
            number: settlementNumber({ of: `supplier-invoice/${own}`, before: sum(creditNotes).toFixed(), amount }),
          } as const)
    return { number, reference: referenceOf(postingKeyOf(order.caseKey, name), referenceLength) }
  })
}

/** As the connector declares it. */
const referenceLength = 80
