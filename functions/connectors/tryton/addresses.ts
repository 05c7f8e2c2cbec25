import * as z from 'zod'
import type { SalesOrder } from '#domain/documents.ts'
import { BusinessError, OutcomeUnknownError, RetryableError } from '#domain/errors.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf } from './errors.ts'
import { Address, Id } from './wire.ts'

type OrderAddress = NonNullable<SalesOrder['shipTo']>
type PartyAddress = z.output<typeof Address>

const fields = ['party_name', 'street_unstructured', 'city', 'postal_code', 'country', 'invoice', 'delivery']
const Country = z.object({ id: Id, name: z.string(), code: z.string().nullable() })

/**
 * The customer's addresses for a sales order. One that the customer has already is used again; a new one is added to
 * the customer first, in a request of its own: Tryton cannot create it together with the sale. An address is master
 * data and not a document: should the answer be lost, a second equal address may stand there, and no document with it.
 */
export async function addressesFor(
  client: TrytonClient,
  party: number,
  order: Pick<SalesOrder, 'billTo' | 'shipTo'>,
  signal: AbortSignal,
) {
  const known = await client.search(Address, 'party.address', [['party', '=', party]], fields, signal)
  const shipTo = order.shipTo && (await ensure(client, party, known, order.shipTo, signal))
  const billTo = order.billTo && (await ensure(client, party, known, order.billTo, signal))
  const fallback = (kind: 'invoice' | 'delivery') => (known.find((address) => address[kind]) ?? known[0])?.id
  const invoice = billTo ?? fallback('invoice') ?? shipTo
  const shipment = shipTo ?? fallback('delivery') ?? billTo
  if (invoice === undefined || shipment === undefined) {
    const message = 'The customer has no address in Tryton, and the order names none'
    throw new BusinessError({ code: 'ADDRESS_MISSING', message, field: 'shipTo', owner: 'sales' }, { system: 'tryton' })
  }
  return { invoice, shipment }
}

async function ensure(
  client: TrytonClient,
  party: number,
  known: PartyAddress[],
  wanted: OrderAddress,
  signal: AbortSignal,
): Promise<number> {
  const values = await wireOf(client, wanted, signal)
  const same = known.find((address) => sameAddress(address, values))
  if (same) return same.id
  const reply = await client.write('model.party.address.create', [[{ party, ...values }]], { signal })
  if (reply.kind !== 'result') {
    const outcome = outcomeOf(reply)
    if (outcome.kind === 'refused') throw new BusinessError(outcome.refusal, { system: 'tryton' })
    throw new RetryableError('The address could not be added to the customer', { cause: outcome, system: 'tryton' })
  }
  const [id] = z.array(Id).parse(reply.result)
  if (id === undefined) throw new OutcomeUnknownError('Tryton named no new address', { system: 'tryton' })
  known.push({ id, ...values, invoice: false, delivery: false })
  return id
}

/** Tryton has no free text for a country or region: what it does not know stays readable in the city's line. */
async function wireOf(client: TrytonClient, address: OrderAddress, signal: AbortSignal) {
  const name = address.country
  const domain = [
    'OR',
    ['name', 'ilike', name],
    ['code', '=', name?.toUpperCase()],
    ['code3', '=', name?.toUpperCase()],
  ]
  const [country] = name ? await client.search(Country, 'country.country', domain, ['name', 'code'], signal) : []
  const city = [address.city, address.region, country ? undefined : name].filter(Boolean).join(', ')
  return {
    party_name: address.name ?? null,
    street_unstructured: address.street ?? null,
    city: city || null,
    postal_code: address.postalCode ?? null,
    country: country?.id ?? null,
  }
}

function sameAddress(one: Omit<PartyAddress, 'id' | 'invoice' | 'delivery'>, other: typeof one): boolean {
  const plain = (text: string | null) => (text ?? '').toLowerCase().replace(/\s+/g, ' ').trim()
  return (
    plain(one.street_unstructured) === plain(other.street_unstructured) &&
    plain(one.city) === plain(other.city) &&
    plain(one.postal_code) === plain(other.postal_code) &&
    one.country === other.country &&
    // A name on the address is only needed where it differs from the customer's own.
    (plain(one.party_name) === plain(other.party_name) || one.party_name === null)
  )
}
