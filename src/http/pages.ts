/** The dashboard: three files, served from memory to any browser, under a policy that lets nothing else in. */

import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { DashboardFiles } from '../build/build-dashboard.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function pages({ html, script, style }: DashboardFiles): Hono {
  const app = new Hono();
  const serve = (path: string, type: string, text: string): void => {
    const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    const headers = {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      // Kept, and asked for each time: a new release shows at once.
      'cache-control': 'no-cache',
      etag,
    };
    app.get(path, (context) => {
      const isKnown = (context.req.header('if-none-match') ?? '').split(',').some((known) => isTag(known, etag));
      return isKnown ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
    });
  };
  serve('/', 'text/html', html);
  serve('/dashboard.js', 'text/javascript', script);
  serve('/dashboard.css', 'text/css', style);
  return app;
}

/** A proxy that compresses marks a tag as weak. */
function isTag(given: string, etag: string): boolean {
  const known = given.trim();
  return known === '*' || known.replace(/^W\//u, '') === etag;
}
