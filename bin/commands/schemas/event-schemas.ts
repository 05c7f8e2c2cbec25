import * as z from 'zod'
import { Decision, decisionEvent } from '#domain/decision.ts'
import { EventMetadata, signalEvents, startingEvents } from '#domain/events.ts'
import { MatchInput } from '#domain/three-way-match/match-input.ts'
import { MatchResult } from '#domain/three-way-match/match-result.ts'
import { hubEventData } from './hub-events.ts'

/** The `detail` of each event: what a publisher sends, and what the hub itself says. */
export const eventDetails = {
  ...detailsOf(startingEvents),
  ...detailsOf(signalEvents),
  ...detailsOf({ [decisionEvent]: { data: Decision } }),
  ...Object.fromEntries(Object.entries(hubEventData).map(([name, data]) => [name, detail(data)])),
}

/** What `postonce match` reads and prints. */
const matchDocuments = { MatchInput, MatchResult }

/** One JSON Schema a file, as docs/schemas holds them. */
export function schemaFiles(): readonly {
  readonly name: string
  readonly schema: Readonly<Record<string, unknown>>
}[] {
  return Object.entries({ ...eventDetails, ...matchDocuments }).map(([name, schema]) => ({
    name: `${name}.json`,
    schema: { title: name, ...z.toJSONSchema(schema, { io: 'input', override: leaveFormatsToTheFormat }) },
  }))
}

/** The pattern of a date is 200 characters long and says no more than `format` does. */
function leaveFormatsToTheFormat({ jsonSchema }: { readonly jsonSchema: { format?: string; pattern?: string } }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
}

/** The text of a file: as JSON.stringify, with lists of names on one line where they fit, as the formatter has them. */
export function schemaText(schema: Readonly<Record<string, unknown>>): string {
  const onOneLine = (list: string, before: string, names: string, after: string) => {
    const line = `${before}[${names.trim().split(/,\s+/).join(', ')}]${after}`
    return line.length > 120 ? list : line
  }
  return `${JSON.stringify(schema, null, 2).replace(/^(.*)\[\n((?:\s+"[\w-]+",?)+)\n\s+\](,?)$/gm, onOneLine)}\n`
}

function detailsOf(events: Readonly<Record<string, { readonly data: z.ZodType }>>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(events).map(([name, { data }]) => [name, detail(data)]))
}

function detail(data: z.ZodType) {
  return z.object({ metadata: EventMetadata, data })
}
