import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../../lib/environment.ts'
import { checkFiles, completeMachine, fileOf, lambdasOf, type Machine } from '../../../lib/state-machine.ts'

const { times } = readEnvironment('prod')
const invoke = 'arn:aws:states:::lambda:invoke'

/** A Task that invokes the Lambda of that name. */
function task(name: string, more: Record<string, unknown> = {}) {
  return { Type: 'Task', Resource: invoke, Arguments: { FunctionName: `\${${name}}` }, ...more }
}

describe('the files of a process', () => {
  it.each([
    ['CreateSalesOrder', 'create-sales-order'],
    ['AwaitEvent', 'await-event'],
    ['Accept', 'accept'],
  ])('of state %s is %s.ts', (state, file) => expect(fileOf(state)).toBe(file))

  it('are those that the machine invokes, each once', () => {
    const machine: Machine = {
      StartAt: 'B',
      States: { B: task('B'), A: task('A'), Again: task('A'), End: { Type: 'Pass' } },
    }
    expect(lambdasOf(machine)).toEqual(['A', 'B'])
    expect(() => checkFiles('order-to-cash', ['A', 'B'], ['b', 'a'])).not.toThrow()
  })

  it('are named when they are missing', () => {
    expect(() => checkFiles('order-to-cash', ['CreateSalesOrder', 'AwaitEvent'], ['await-event'])).toThrow(
      'order-to-cash.asl.json invokes create-sales-order.ts, which functions/order-to-cash/ lacks',
    )
  })

  it('are named when no state invokes them', () => {
    expect(() => checkFiles('order-to-cash', ['AwaitEvent'], ['await-event', 'post-scrap', 'sort'])).toThrow(
      'functions/order-to-cash/ has post-scrap.ts, sort.ts, which order-to-cash.asl.json never invokes',
    )
  })
})

describe('a completed machine', () => {
  const machine: Machine = {
    StartAt: 'Post',
    States: {
      Post: task('Post', { TimeoutSeconds: 180, Next: 'Wait' }),
      Wait: { ...task('Wait', { TimeoutSeconds: 5, Next: 'Done' }), Resource: `${invoke}.waitForTaskToken` },
      Done: { Type: 'Pass', End: true },
    },
  }

  it('keeps what stands in the file, and the states that are no Task', () => {
    const { Post, Done } = completeMachine(machine, times).States
    expect(Post).toMatchObject({ ...task('Post'), TimeoutSeconds: 180, Next: 'Wait' })
    expect(Done).toEqual({ Type: 'Pass', End: true })
  })

  it('lets a wait last until the deadline', () => {
    expect(completeMachine(machine, times).States.Wait).toMatchObject({ TimeoutSeconds: times.deadlineSeconds })
  })

  it.each([
    ['the lease when the ERP settles sooner', { leaseSeconds: 120, settleSeconds: 60, skewSeconds: 2 }, 124],
    ['the settle time of a slow ERP', { leaseSeconds: 120, settleSeconds: 960, skewSeconds: 5 }, 970],
  ])('repeats what may have been applied only after %s, and the skew of both clocks', (_which, some, seconds) => {
    const { Post } = completeMachine(machine, { ...times, ...some }).States
    expect(Post?.Retry).toMatchObject([{}, {}, { IntervalSeconds: seconds }])
  })
})
