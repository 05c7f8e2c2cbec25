import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { readUbl } from '#ubl/read-ubl.ts'
import { InputError } from './terminal/explain.ts'
import { printResult } from './terminal/output.ts'

/** `ubl`: an invoice or a credit note in UBL as the hub reads it, or why it refuses it. */
export function ublCommand(): Command {
  return new Command('ubl')
    .description(
      'a UBL 2.1 / Peppol BIS Billing 3 document as the hub reads it, or the rules that it breaks (docs/ubl.md)',
    )
    .argument('<file>', 'an Invoice or a CreditNote in XML')
    .action((file: string) => {
      const reading = readUbl(readBytes(file))
      printResult(true, reading, () => '')
      if (reading.kind === 'refused') process.exitCode = 2
    })
}

/** @throws InputError */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new InputError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
