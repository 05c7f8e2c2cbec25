import { Command } from 'commander'
import { matchThreeWay } from '#domain/three-way-match/match.ts'
import { readMatchFile } from './match/read-match-file.ts'
import { printResult } from './terminal/output.ts'

/** `match`: the three-way match of one purchase order, from a file; needs no environment. */
export function matchCommand(): Command {
  return new Command('match')
    .description('the three-way match of a purchase order, its receipts and its invoices, from a file (docs/match.md)')
    .argument('<file>', 'JSON: { order, receipts, invoices, creditNotes?, returns?, tolerances? }')
    .action((file: string) => {
      printResult(true, matchThreeWay(readMatchFile(file)), () => '')
    })
}
