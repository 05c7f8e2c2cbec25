/** One thing that was looked at. */
export interface Finding {
  readonly what: string
  readonly isWell: boolean
  /** What was seen. */
  readonly seen: string
  /** What mends it. */
  readonly mend: string
}

/** Looks, and takes whatever is thrown for what was seen. */
export async function look(what: string, mend: string, at: () => Promise<string>): Promise<Finding> {
  try {
    return { what, isWell: true, seen: await at(), mend }
  } catch (error) {
    return { what, isWell: false, seen: error instanceof Error ? error.message : String(error), mend }
  }
}

/** One line for each; where it is not well, another one with what mends it. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ what, isWell, seen, mend }) => [
      `${isWell ? '✓' : '✗'} ${what}: ${seen}`,
      ...(isWell ? [] : [`    mend: ${mend}`]),
    ])
    .join('\n')
}
