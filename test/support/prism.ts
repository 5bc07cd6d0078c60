/**
 * An independent judge between the daemon and a sandbox: Prism, which knows only `config/databar.openapi.json`, passes
 * on what matches the document and refuses what does not (422 for a request, 500 for an answer).
 *
 * ```
 * daemon -> front (this process; notes violations) -> Prism (a process) -> upstream
 * ```
 *
 * The front is there because Prism tells the details of a violation in its answer alone, not in its log. A violation
 * is noted before the daemon sees the answer, so `violations()` needs no waiting.
 */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface PrismProxy {
  /** Origin without a trailing slash. */
  readonly url: string;
  /** One text for each request or answer that did not match: call, then what Prism said of it. */
  violations(): readonly string[];
  close(): Promise<void>;
}

const PRISM = fileURLToPath(new URL('../../node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../config/databar.openapi.json', import.meta.url));
const START_LIMIT_MS = 25_000;

/** @param upstream origin of the API to stand in front of. @throws when Prism ends, or is not ready within 25 s. */
export async function startPrismProxy(upstream: string): Promise<PrismProxy> {
  const options = ['--errors', '--cors', 'false', '-h', '127.0.0.1', '-p', '0'];
  const prism = spawn(process.execPath, [PRISM, 'proxy', DOCUMENT, upstream, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  const exited = once(prism, 'exit');
  let prismUrl: string;
  try {
    prismUrl = await readyUrl(prism);
  } catch (error) {
    prism.kill('SIGKILL');
    throw error;
  }

  const noted: string[] = [];
  const front = createServer((incoming, outgoing) => {
    passOn(incoming, outgoing, prismUrl, noted);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');

  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    violations: () => noted,
    async close() {
      front.close();
      front.closeAllConnections();
      prism.kill('SIGKILL');
      await exited;
    },
  };
}

async function readyUrl(prism: ChildProcess): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let output = '';
    const fail = (reason: string): void => {
      clearTimeout(limit);
      reject(new Error(`Prism ${reason}. It said:\n${output}`));
    };
    const limit = setTimeout(fail, START_LIMIT_MS, `was not ready within ${START_LIMIT_MS} ms`);
    const read = (chunk: Buffer): void => {
      output = `${output}${chunk.toString()}`.slice(-20_000);
      const url = /Prism is listening on (http:\/\/[\d.]+:\d+)/u.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(limit);
      resolve(url);
    };
    prism.stdout?.on('data', read);
    prism.stderr?.on('data', read);
    prism.once('error', (error) => {
      fail(`could not be started: ${error.message}`);
    });
    prism.once('exit', (code) => {
      fail(`ended with exit code ${String(code)}`);
    });
  });
}

function passOn(incoming: IncomingMessage, outgoing: ServerResponse, prismUrl: string, noted: string[]): void {
  const { method = 'GET', url = '/', headers } = incoming;
  const forwarded = request(`${prismUrl}${url}`, { method, headers: endToEnd(headers), agent: false }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('error', () => outgoing.destroy());
    answer.on('end', () => {
      const body = Buffer.concat(chunks);
      const violation = violationOf(answer, body);
      if (violation !== null) noted.push(`${method} ${url}: ${violation}`);
      outgoing.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      outgoing.end(body);
    });
  });
  forwarded.on('error', () => outgoing.destroy());
  incoming.pipe(forwarded);
  outgoing.on('close', () => forwarded.destroy());
}

/** Null when the answer is the upstream's own. An upstream that cannot be reached is no violation either. */
function violationOf(answer: IncomingMessage, body: Buffer): string | null {
  const header = answer.headers['sl-violations'];
  if (header !== undefined) return String(header);
  const isPrism = answer.headers['content-type'] === 'application/problem+json';
  const text = body.toString();
  return isPrism && text.includes('https://stoplight.io/prism/errors#') ? text : null;
}

/** Without the headers that speak of one connection only. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...rest } = headers;
  return rest;
}
