import * as z from 'zod'
import { documentKinds } from '#domain/documents.ts'
import { type CaseStory, readStory } from '../case-story.ts'

const Kind = z.enum(documentKinds)

/** The posting of a case that the ERP knows under this reference, with its case. */
export async function postingOf(caseKey: string, reference: string) {
  const story = await readStory(caseKey)
  return story && postingIn(story, reference)
}

export function postingIn(story: CaseStory, reference: string) {
  const found = story.postings.find((one) => one.reference === reference)
  return found && { ...found, story, name: { document: Kind.parse(found.kind), number: found.number } }
}
