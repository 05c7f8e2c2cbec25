import { defineAwaitEvent } from '#aws/await-event.ts'

/** Sleeps until somebody is heard of. */
export const handler = defineAwaitEvent()
