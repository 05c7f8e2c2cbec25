import { execution, type Story } from './story.ts'

type States = Readonly<Record<string, object>>

/** A machine that begins with the first of its states. */
export function machine(states: States, more: object = {}): object {
  const [StartAt] = Object.keys(states)
  return { QueryLanguage: 'JSONata', StartAt, States: states, ...more }
}

export const done = { Type: 'Pass', End: true } as const
export const caught = { Caught: { Type: 'Pass', End: true } } as const

/** A state that gives this and ends. */
export const gives = (Output: unknown) => ({ Type: 'Pass', Output, End: true })

/** A Task whose Lambda is told who calls, and more. */
export function calling(FunctionName: string, fields: object = {}, payload: object = {}): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName, Payload: { execution, ...payload } },
    Output: '{% $states.result.Payload %}',
    End: true,
    ...fields,
  }
}

/** A Task that waits for the token that its Lambda is given. */
export function awaiting(FunctionName: string, fields: object = {}): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName, Payload: { execution, token: '{% $states.context.Task.Token %}' } },
    End: true,
    ...fields,
  }
}

export const caughtBy = (ErrorEquals: string[], fields: object = {}) => ({
  Catch: [{ ErrorEquals, Next: 'Caught', ...fields }],
})

export type SmallStory = (functionArn: string) => Story

export function story(
  title: string,
  states: (functionArn: string) => States,
  more: Omit<Partial<Story>, 'definition'> & { readonly machine?: object } = {},
): SmallStory {
  const { machine: fields, ...others } = more
  return (functionArn) => ({ title, definition: machine(states(functionArn), fields), ...others })
}
