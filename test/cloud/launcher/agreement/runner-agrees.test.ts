import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Drill, startLocalDrill } from '../drill.ts'
import { orderToCash } from './order-to-cash.ts'
import { processStories } from './process-stories.ts'
import { procureToPay } from './procure-to-pay.ts'
import { smallStories } from './small-stories.ts'
import type { Story } from './story.ts'
import { openStage, type Told } from './told-by-cloud.ts'
import { tellInProcess } from './told-by-runner.ts'

let drill: Drill
let stage: Awaited<ReturnType<typeof openStage>>
let stories: readonly Story[]
const told = new Map<string, Told | Error>()

// The titles are needed before there is a Lambda to name.
const titles = storiesOf('').map(({ title }) => title)

function storiesOf(functionArn: string): Story[] {
  const ofProcesses = [orderToCash, procureToPay].flatMap((life) => processStories(life, functionArn))
  return [...ofProcesses, ...smallStories(functionArn)]
}

/** Many at once, since most of their time goes by in pauses, but no more than the shortest time-outs allow. */
beforeAll(async () => {
  drill = await startLocalDrill()
  stage = await openStage(drill)
  stories = storiesOf(stage.functionArn)
  const left = [...stories]
  const tellOneAfterAnother = async () => {
    for (let story = left.shift(); story !== undefined; story = left.shift()) {
      const whatCame = await stage.tell(story).catch((error: unknown) => new Error(String(error), { cause: error }))
      told.set(story.title, whatCame)
    }
  }
  await Promise.all(Array.from({ length: 40 }, tellOneAfterAnother))
})
afterAll(async () => {
  await stage.close()
  await drill.stop()
})

describe('the runner in this process and the local cloud', () => {
  it.each(titles)('tell the same: %s', async (title) => {
    const story = stories.find((one) => one.title === title)
    const byCloud = told.get(title)
    if (story === undefined || byCloud === undefined) throw new Error(`There is no story ${title}`)
    // A machine too busy for time-outs of a second tells another story; to one that stands alone it is always the same.
    await expectSame(story, byCloud).catch(async () => expectSame(story, await stage.tell(story)))
  })
})

async function expectSame(story: Story, byCloud: Told | Error): Promise<void> {
  if (byCloud instanceof Error) throw byCloud
  const { telling, play } = await tellInProcess(story, byCloud.machineName, byCloud.name)
  expect(telling.linesLeft).toBe(false)
  expect(byCloud.telling).toEqual(telling)
  // A pause of FULL jitter is anything up to its length.
  if (!JSON.stringify(story.definition).includes('FULL')) expectNoShorterPauses(byCloud.play, play)
}

/** How much longer one is on a busy machine says nothing. */
function expectNoShorterPauses(byCloud: Told['play'], byRunner: Told['play']): void {
  const pauses = ({ calls }: Told['play']) => calls.slice(1).map(({ atMs }, i) => atMs - (calls[i]?.atMs ?? 0))
  for (const [i, pauseMs] of pauses(byRunner).entries())
    expect(pauses(byCloud)[i]).toBeGreaterThan(pauseMs - toleranceMs)
}

/** A call may have come late itself. */
const toleranceMs = 500
