/**
 * The `detail` of an error answer: a string, an object, or the list of a 422. It is the server's text and may be
 * anything, so all of it is bounded and freed of control characters and of the API key.
 */

import { readingsOf } from '../model/readings.ts';
import type { ErrorDetail } from './api-error.ts';

const MAX_DETAILS = 50;
const MAX_LOCATION_SEGMENTS = 16;
const MAX_TEXT = 500;

export interface ErrorAnswer {
  readonly details: readonly ErrorDetail[];
  readonly serverMessage: string | null;
}

const NOTHING: ErrorAnswer = { details: [], serverMessage: null };

/**
 * Read the body of an answer that is not success. Anything unreadable reads as nothing.
 *
 * @param key the API key that was sent; some servers repeat it
 */
export function readErrorAnswer(body: Buffer, key: string): ErrorAnswer {
  const bounded = (text: string): string => bound(withoutKey(text, key));
  const words = (text: string): string => withoutEncodedKey(bounded(text), key);
  const detail = detailOf(body);
  if (typeof detail === 'string') return { details: [], serverMessage: words(detail) };
  if (Array.isArray(detail)) {
    const entries: readonly unknown[] = detail;
    return {
      details: entries.slice(0, MAX_DETAILS).flatMap((entry) => readDetail(entry, bounded, words) ?? []),
      serverMessage: null,
    };
  }
  if (typeof detail === 'object' && detail !== null) {
    const text = asJson(detail);
    return text === null ? NOTHING : { details: [], serverMessage: words(text) };
  }
  return NOTHING;
}

function detailOf(body: Buffer): unknown {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'));
    return typeof answer === 'object' && answer !== null && 'detail' in answer ? answer.detail : null;
  } catch {
    return null;
  }
}

/** @returns null for what is nested so deeply that it can be read and not written */
function asJson(detail: object): string | null {
  try {
    return JSON.stringify(detail);
  } catch {
    return null;
  }
}

function readDetail(
  entry: unknown,
  bounded: (text: string) => string,
  words: (text: string) => string,
): ErrorDetail | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { loc, msg, type } = entry as Record<'loc' | 'msg' | 'type', unknown>;
  if (!Array.isArray(loc) || typeof msg !== 'string') return null;
  return {
    loc: (loc as readonly unknown[])
      .slice(0, MAX_LOCATION_SEGMENTS)
      .map((segment) => (typeof segment === 'number' ? segment : nameOf(segment, bounded))),
    msg: words(msg),
    type: typeof type === 'string' ? bounded(type) : '',
  };
}

/** What is neither name nor number leads nowhere, and is only told apart: making a text of it may fail, or take for ever. */
function nameOf(segment: unknown, bounded: (text: string) => string): string {
  return typeof segment === 'string' ? bounded(segment) : typeof segment;
}

/** Shorter ones are no keys, and would be found in any text. */
const MIN_KEY_LENGTH = 4;
const MASK = '********';

function withoutKey(text: string, key: string): string {
  if (key.length < MIN_KEY_LENGTH) return text;
  const insideJson = JSON.stringify(key).slice(1, -1);
  return text.replaceAll(insideJson, MASK).replaceAll(key, MASK);
}

/** Where it is encoded, one cannot tell what of the text belongs to it. */
function withoutEncodedKey(text: string, key: string): string {
  if (key.length < MIN_KEY_LENGTH) return text;
  return readingsOf(text).some((reading) => reading.includes(key)) ? MASK : text;
}

function bound(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return cut.toWellFormed().replaceAll(/\p{Cc}/gu, ' ');
}
