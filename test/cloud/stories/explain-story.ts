import { readRange } from '#aws/table.ts'
import { explain } from '../../../bin/commands/terminal/explain.ts'
import { formatStory } from '../../../bin/commands/trace/format-story.ts'
import { tellStory } from '../../../bin/commands/trace/tell-story.ts'
import type { HeardEvent } from '../hub/bus-listener.ts'
import type { BookValue } from './differences.ts'
import type { AnyStory, Checked, Telling } from './telling.ts'

/** Everything that is needed to understand a story that went wrong, and how to play it again. */
export async function explainStory<Story extends AnyStory, Books extends Readonly<Record<string, BookValue>>>(
  telling: Telling<Story, Books>,
  { story, differences, expected }: Checked<Story, Books>,
  heard: readonly HeardEvent[],
  seed: string,
): Promise<string> {
  const key = telling.caseKey(story)
  const trace = formatStory(tellStory(key, await readRange(key, 'A', 'Z'), explain), Date.now())
  const told = heard.map(
    ({ 'detail-type': type, detail }) => `  ${detail.metadata.occurredAt} ${type} ${JSON.stringify(detail.data)}`,
  )
  return [
    `Story ${story.index} of seed ${seed}, ${story.number}: ${story.title}`,
    ...differences.map((one) => `  WRONG ${one}`),
    `Again: npm run stories -- --process ${telling.process} --seed ${seed} --only ${story.index}`,
    'Acts:',
    ...story.acts.map((act, index) => `  ${index + 1}. ${act.map((one) => JSON.stringify(one)).join('\n     ')}`),
    'Expected:',
    `  ${JSON.stringify(expected)}`,
    'Told:',
    ...told,
    trace,
    '',
  ].join('\n')
}
