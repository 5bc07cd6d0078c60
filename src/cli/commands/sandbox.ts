/** `databar-sync sandbox`: the embedded imitation of the API alone. */

import { parseDuration } from '../../config/parse-duration.ts';
import { parseFault } from '../../sandbox/read-fault.ts';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { parsePort } from '../parse-port.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Serves until SIGINT or SIGTERM. @returns 0 */
export async function sandboxCommand(terminal: Terminal, options: Readonly<Record<string, unknown>>): Promise<number> {
  const text = (name: string): string | null => (typeof options[name] === 'string' ? options[name] : null);
  const host = text('host') ?? '127.0.0.1';
  const port = parsePort('--port', text('port') ?? '8701');
  const faults = Array.isArray(options['fault']) ? options['fault'].map((fault) => readFault(String(fault))) : [];

  const sandbox = await startSandbox({
    host,
    port,
    apiKey: text('apiKey'),
    latencyMs: readLatency(text('latency') ?? '0ms'),
    caps: {
      ...capOf('rate_limit', '--max-rate-limit', text('maxRateLimit')),
      ...capOf('max_concurrency', '--max-concurrency', text('maxConcurrency')),
    },
    maskHeaders: options['maskHeaders'] === true,
  }).catch((error: unknown) => {
    throw new UsageError(
      `cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  });
  for (const fault of faults) sandbox.inject(fault);

  terminal.stdout.write(
    `databar-sync sandbox: an imitation of the Databar API at ${sandbox.url}\n` +
      `try it:  DATABAR_BASE_URL=${sandbox.url} DATABAR_API_KEY=${text('apiKey') ?? 'anything'} databar-sync plan\n` +
      `look:    curl ${sandbox.url}/_sandbox/connectors\n`,
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  terminal.process.once('SIGINT', resolve).once('SIGTERM', resolve);
  await promise;
  await sandbox.close();
  return 0;
}

function readFault(text: string): ReturnType<typeof parseFault> {
  try {
    return parseFault(text);
  } catch (error) {
    throw new UsageError(`--fault: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readLatency(text: string): number {
  const latency = parseDuration(text);
  if (!latency.ok) throw new UsageError(`--latency: ${latency.wrong}`);
  return latency.value;
}

function capOf(field: 'rate_limit' | 'max_concurrency', flag: string, text: string | null): Record<string, number> {
  if (text === null) return {};
  if (!/^[1-9]\d{0,8}$/u.test(text)) throw new UsageError(`${flag}: expected a whole number from 1`);
  return { [field]: Number(text) };
}
