import type { Books } from './oracle/expected-books.ts'

/** Everything in which the ERP's books are not those that the events make, in words. */
export function differencesOf(is: Books, should: Books): readonly string[] {
  const names = Object.keys(should).filter((name): name is keyof Books => Object.hasOwn(is, name))
  return names.flatMap((name) => {
    const [found, wanted] = [textOf(is[name]), textOf(should[name])]
    return found === wanted ? [] : [`${wordOf(name)}: ${found || 'none'}, should be ${wanted || 'none'}`]
  })
}

function textOf(value: Books[keyof Books]): string {
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

function wordOf(name: keyof Books): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
}
