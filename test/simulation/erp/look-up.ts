import type { Entry } from './ledger.ts'

/** Fewer documents are read through, as every history but a very long one has them. */
const fewDocuments = 200

type Named<Field extends string> = { readonly [name in Field]: string }

/**
 * The documents of which this field says that, in the order of the books. Of many documents the places are remembered by
 * what the field says, since a hundred thousand orders would be read through for each of their writes. The books are
 * changed by hand as well: what was taken out, put on or changed is noticed, but not a document in the place of another one
 * of which the field says something else.
 */
export function documentsOf<Field extends string, Document extends Entry & Named<Field>>(
  documents: readonly Document[],
  field: Field,
  value: string,
): readonly Document[] {
  if (documents.length < fewDocuments) return documents.filter((one) => one[field] === value)
  return placesOf(documents, field, value).flatMap((place) => documents[place] ?? [])
}

/** Those that bear one of these ids or this reference, in the order of the books. */
export function documentsNamed<Document extends Entry>(
  documents: readonly Document[],
  ids: readonly string[],
  reference: string,
): readonly Document[] {
  if (documents.length < fewDocuments)
    return documents.filter((one) => ids.includes(one.id) || one.reference === reference)
  const places = [...ids.flatMap((id) => placesOf(documents, 'id', id)), ...placesOf(documents, 'reference', reference)]
  return [...new Set(places)].sort((one, other) => one - other).flatMap((place) => documents[place] ?? [])
}

type Places = { readonly byValue: Map<string, number[]>; length: number; last: unknown }

const known = new WeakMap<readonly object[], Map<string, Places>>()

/** Read on from where it was left; from the beginning where another document stands there now. */
function placesOf<Field extends string>(documents: readonly Named<Field>[], field: Field, value: string) {
  const fields = known.get(documents) ?? new Map<string, Places>()
  known.set(documents, fields)
  const before = fields.get(field)
  const isAsBefore = before !== undefined && documents[before.length - 1] === before.last
  const places: Places = isAsBefore ? before : { byValue: new Map(), length: 0, last: undefined }
  fields.set(field, places)
  for (const document of documents.slice(places.length)) {
    const same = places.byValue.get(document[field])
    if (same === undefined) places.byValue.set(document[field], [places.length])
    else same.push(places.length)
    places.length += 1
  }
  places.last = documents.at(-1)
  return places.byValue.get(value) ?? []
}
