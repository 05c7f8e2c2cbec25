/** Something in the books: a number, an amount, a list of documents, or quantities by item. */
export type BookValue = string | number | readonly string[] | Readonly<Record<string, string>>

/** Everything in which the ERP's books are not those that the events make, in words. */
export function differencesOf<Books extends Readonly<Record<string, BookValue>>>(
  is: Books,
  should: Books,
): readonly string[] {
  return Object.entries(should).flatMap(([name, value]) => {
    const [found, wanted] = [textOf(is[name] ?? ''), textOf(value)]
    return found === wanted ? [] : [`${wordOf(name)}: ${found || 'none'}, should be ${wanted || 'none'}`]
  })
}

function textOf(value: BookValue): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (isList(value)) return value.join(' | ')
  return Object.entries(value)
    .map(([item, quantity]) => `${item} ${quantity}`)
    .sort()
    .join(', ')
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value)
}

function wordOf(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
}
