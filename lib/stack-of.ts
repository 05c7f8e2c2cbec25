import type { ProcessName } from '#domain/processes.ts'

/** `order-to-cash` is PostonceOrderToCash. */
export function stackOf(process: ProcessName): string {
  return `Postonce${process.replace(/(^|-)(\w)/g, (_all, _hyphen, letter: string) => letter.toUpperCase())}`
}
