/** One line of the bench's table. */
export type Row = {
  readonly what: string
  readonly measured: string
  /** Absent: measured to be known. */
  readonly target?: string
  readonly isKept?: boolean
  /** Everything that was counted, for `--json`. */
  readonly numbers: unknown
}

/** How a part that runs as a process of its own tells its rows. */
export function tell(rows: readonly Row[]): void {
  process.stdout.write(JSON.stringify(rows))
}
