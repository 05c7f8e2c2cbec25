// `npm run stop`: ends what `npm run local` or `npm run demo` left running, and nothing else.
import { stopLocalEnvironment } from './local-environment.ts'

const stopped = await stopLocalEnvironment()
process.stderr.write(stopped ? 'Stopped.\n' : 'Nothing is running.\n')
