/** How a column is set: `right` for amounts and counts. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Rows in aligned columns under their titles; without rows only the titles. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, at) =>
    Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(displayWidth)),
  )
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, at) => pad(cells[at] ?? '', widths[at] ?? 0, align))
      .join('  ')
      .trimEnd()
  return [columns.map(({ title }) => title), ...rows].map(line).join('\n')
}

function pad(text: string, width: number, align: Column['align']): string {
  const fill = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'right' ? fill + text : text + fill
}

/** Code points, so that an ä counts once; wide East Asian characters are rare here and not worth a table. */
function displayWidth(text: string): number {
  return [...text].length
}
