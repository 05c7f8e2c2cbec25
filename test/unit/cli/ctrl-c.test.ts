import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { root } from '../../../bin/local/state.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'

/** What EventBridge says of an archive replay that is under way. */
const answers: Readonly<Record<string, object>> = {
  DescribeArchive: { ArchiveArn: 'archive', EventSourceArn: 'bus' },
  ListRules: { Rules: [{ Arn: 'rule', EventPattern: JSON.stringify({ 'detail-type': ['GoodsIssued'] }) }] },
  StartReplay: { State: 'STARTING' },
  DescribeReplay: { State: 'RUNNING' },
}

/** An EventBridge on this computer, and what it was asked for. */
async function startEventBridge(onAsked: (target: string) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target']).replace('AWSEvents.', '')
    asked.push(target)
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/x-amz-json-1.1')
      response.end(JSON.stringify(answers[target]))
      onAsked(target)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { url: `http://127.0.0.1:${port}`, asked, stop: () => server.close() }
}

describe('Ctrl-C while a replay of the archive is followed', () => {
  it('ends the command, which has said how the replay is called that goes on', async () => {
    const eventBridge = await startEventBridge((target) => {
      if (target === 'DescribeReplay') command.kill('SIGINT')
    })
    const aws = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
    const span = ['--from', '2026-03-01T06:00:00Z', '--to', '2026-03-01T07:00:00Z']
    const command = spawn(process.execPath, ['bin/postonce.ts', 'replay', ...span], {
      cwd: root,
      env: { ...process.env, ...aws, AWS_ENDPOINT_URL: eventBridge.url, HUB_TABLE: 'table', BUS_NAME: 'bus' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, beside, ended] = await Promise.all([text(command.stdout), text(command.stderr), once(command, 'exit')])
    eventBridge.stop()
    expect({ out, ended }).toEqual({ out: '', ended: [null, 'SIGINT'] })
    expect(beside).toMatch(/The replay postonce-\S+ goes on in EventBridge/)
    // Nothing has cancelled it.
    expect(eventBridge.asked).toEqual(['DescribeArchive', 'ListRules', 'StartReplay', 'DescribeReplay'])
  })
})

describe('npx postonce', () => {
  /** The entry of the project, with this program in the place of the command line. */
  const entryOf = (program: string) => {
    const folder = temporaryFolder('entry')
    mkdirSync(join(folder, 'bin'))
    copyFileSync(join(root, 'bin', 'postonce.mjs'), join(folder, 'bin', 'postonce.mjs'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'bin', 'postonce.ts'), program)
    return spawn(process.execPath, [join(folder, 'bin', 'postonce.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  }

  it('leaves Ctrl-C to the terminal, which tells the command line as well: told twice, it would end at once', async () => {
    const entry = entryOf(`
      const heard = []
      process.on('SIGINT', () => heard.push('SIGINT'))
      process.on('SIGTERM', () => process.exit(console.log('heard', ...heard, 'SIGTERM') ?? 7))
      setInterval(() => {}, 1_000)
      console.log('ready')
    `)
    entry.stdout.once('data', () => {
      entry.kill('SIGINT')
      entry.kill('SIGTERM')
    })
    const [said, [code]] = await Promise.all([text(entry.stdout), once(entry, 'exit')])
    expect([said, code]).toEqual(['ready\nheard SIGTERM\n', 7])
  })

  it('ends with 130 when Ctrl-C has ended the command line', async () => {
    const entry = entryOf(`process.kill(process.pid, 'SIGINT'); setInterval(() => {}, 1_000)`)
    const [code] = await once(entry, 'exit')
    expect(code).toBe(130)
  })
})
