import { Command } from 'commander'
import * as z from 'zod'
import { readBudgets } from '#aws/erp-budget/budget-store.ts'
import { readPauses } from '#aws/erp-budget/pause-store.ts'
import { connect, withEnvironment } from './environment.ts'
import { calendarOf } from './pause/calendar.ts'
import { formatStandstills } from './pause/format-standstills.ts'
import { countSleepers } from './status/count-list.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({ environment: z.string().optional(), json: z.boolean() })

/** `pauses`: what stands still before the ERP, and what goes on. */
export function pausesCommand(): Command {
  const command = new Command('pauses').description(
    'what is paused, by whom and why; maintenance, closed books, and how much of the ERP account is in use',
  )
  return withEnvironment(command).action(async (given: unknown) => {
    const options = readOptions(Options, given)
    const { name, erpAccount: account } = await connect(options.environment)
    const [pauses, budgets, sleeping] = await Promise.all([readPauses(account), readBudgets(account), countSleepers()])
    const calendar = calendarOf(name, account)
    const facts = { account, pauses, budgets, calendar, sleeping }
    printResult(options.json, facts, () => formatStandstills(facts, Date.now()))
  })
}
