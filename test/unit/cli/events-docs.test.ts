import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { decisionEvent } from '#domain/decision.ts'
import { hubEvents, signalEvents, startingEvents } from '#domain/events.ts'
import { entryOf } from '../../../bin/commands/publish/read-entries.ts'
import { findInvalid } from '../../../bin/commands/publish/validate-entry.ts'
import { eventDetails, schemaFiles, schemaText } from '../../../bin/commands/schemas/event-schemas.ts'

const docs = new URL('../../../docs/', import.meta.url)
const page = readFileSync(new URL('events.md', docs), 'utf8')
const names = [...Object.keys(startingEvents), ...Object.keys(signalEvents), decisionEvent, ...hubEvents]

/** The example under each heading of an event. */
function exampleOf(name: string): unknown {
  const section = page.split(/^### /m).find((part) => part.startsWith(`${name}\n`)) ?? ''
  const [, json = 'null'] = /```json\n([\s\S]*?)```/.exec(section) ?? []
  return JSON.parse(json)
}

describe('docs/events.md', () => {
  it.each(names)('has an example of %s that its schema takes', (name) => {
    const entry = entryOf('the example', exampleOf(name), {})
    expect(entry.detailType).toBe(name)
    const schema = eventDetails[name] ?? z.never()
    expect(schema.safeParse(entry.detail).error?.issues ?? []).toEqual([])
  })

  it('shows publishers only what postonce publish would send', () => {
    const published = [...Object.keys(startingEvents), ...Object.keys(signalEvents)]
    const entries = published.map((name) => entryOf(name, exampleOf(name), {}))
    expect(findInvalid(entries)).toEqual([])
  })
})

describe('docs/schemas', () => {
  it('holds the current JSON Schema of each event (npx postonce schemas --write)', () => {
    const folder = new URL('schemas/', docs)
    const found = Object.fromEntries(
      readdirSync(folder).map((file) => [file, readFileSync(new URL(file, folder), 'utf8')]),
    )
    expect(found).toEqual(Object.fromEntries(schemaFiles().map(({ name, schema }) => [name, schemaText(schema)])))
  })
})
