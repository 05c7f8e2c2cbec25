import { TrytonClient } from '#connectors/tryton/client.ts'
import { AnyRecord, date, decimal } from '#connectors/tryton/wire.ts'
import type { LocalEnvironment } from '../../../../bin/local/state.ts'
import { currencies } from './story.ts'

/**
 * Lets the ERP book other currencies than its own, of which its set-up has the dollar alone: the yen, which has no
 * decimals, and accounts for what is left when each line of an invoice is converted by itself.
 */
export async function takeOtherCurrencies(erp: LocalEnvironment['erp']): Promise<void> {
  const credentials = { database: erp.database, ...erp.admin }
  const client = new TrytonClient({ url: erp.url, credentials, clientTimeoutMs: 60_000, settleMs: 0 })
  const write = async (method: string, ...params: readonly unknown[]) => {
    const reply = await client.write(method, params, { signal: client.deadline() })
    if (reply.kind !== 'result') throw new Error(`The ERP did not take ${method}: ${JSON.stringify(reply)}`)
  }
  if ((await client.search(AnyRecord, 'currency.currency', [['code', '=', 'JPY']], [])).length > 0) return
  const accountOf = async (type: 'revenue' | 'expense') => {
    const domain = [
      [`type.${type}`, '=', true],
      ['closed', '!=', true],
    ]
    const [account] = await client.search(AnyRecord, 'account.account', domain, [])
    return account?.id
  }
  await write('model.account.configuration.write', [1], {
    currency_exchange_credit_account: await accountOf('revenue'),
    currency_exchange_debit_account: await accountOf('expense'),
  })
  const { digits, perEuro } = currencies.JPY
  const rates = [['create', [{ date: date('1996-01-01'), rate: decimal(perEuro) }]]]
  const yen = { name: 'Yen', code: 'JPY', numeric_code: '392', symbol: '¥', rounding: decimal('1'), digits, rates }
  await write('model.currency.currency.create', [yen])
}
