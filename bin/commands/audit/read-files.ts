import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { InputError } from '../terminal/explain.ts'

/** The lines of an export: each ends with a line break, the last one too. */
export function readExport(file: string): readonly string[] {
  const lines = readText(file).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** @throws InputError when it is no public key: of an export under a wrong file nobody has changed anything */
export function readKey(file: string): string {
  const pem = readText(file)
  try {
    createPublicKey(pem)
  } catch (cause) {
    throw new InputError(`--key ${file} must be a public key in PEM, as npx postonce audit key prints it.`, { cause })
  }
  return pem
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new InputError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
