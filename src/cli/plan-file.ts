/**
 * A plan that was reviewed, on disk: what it would do, for people and programs, and the seal by which exactly this plan is
 * recognised. It holds no secret, only digests whose key is derived from the API key: whoever has no API key can neither
 * guess a value from them nor alter the file unnoticed.
 */

import { hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Settings } from '../config/settings.ts';
import type { Fingerprint } from '../model/digest.ts';
import type { Objection, PlanSeal } from '../model/plan-seal.ts';
import type { PlanDocument } from '../report/render-plan/plan-document.ts';
import { createFingerprint } from '../state/fingerprint.ts';
import type { Limit } from './limit-to-paths.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

const FORMAT = 'databar-sync plan';
const FORMAT_VERSION = 1;
const MAX_BYTES = 64 * 1024 * 1024;

/** What the same files and the same workspace would be planned otherwise with. */
export type PlanSettings = Readonly<Record<(typeof SETTINGS)[number], string>>;

const SETTINGS = ['api.baseUrl', 'sync.policy', 'sync.drift', 'sync.maxDeletePercent', 'sync.force'] as const;

export interface PlanFile {
  readonly format: typeof FORMAT;
  readonly formatVersion: number;
  /** The version of databar-sync that made it. */
  readonly program: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly revision: string | null;
  readonly settings: PlanSettings;
  readonly limit: Limit | null;
  readonly plan: PlanDocument;
  readonly seal: PlanSeal;
}

interface Sealed {
  /** Hex; makes the key of this file. */
  readonly salt: string;
  /** Tells another API key from a file that was altered. */
  readonly keyCheck: string;
  /** Of all the rest. */
  readonly mac: string;
}

/** The key of one file, from the API key and the file's salt (HKDF, RFC 5869). */
export interface PlanKey {
  readonly salt: string;
  readonly fingerprint: Fingerprint;
}

export function createPlanKey(apiKey: string, salt = randomBytes(16).toString('hex')): PlanKey {
  const key = hkdfSync('sha256', apiKey, Buffer.from(salt, 'hex'), FORMAT, 32);
  return { salt, fingerprint: createFingerprint(Buffer.from(key)) };
}

export function planSettings({ api, sync }: Settings): PlanSettings {
  return {
    'api.baseUrl': api.baseUrl,
    'sync.policy': sync.policy,
    'sync.drift': sync.drift,
    'sync.maxDeletePercent': String(sync.maxDeletePercent),
    'sync.force': String(sync.force),
  };
}

/** Settings that are not as they were when the plan was made. */
export function compareSettings(reviewed: PlanSettings, now: PlanSettings): readonly Objection[] {
  return SETTINGS.filter((path) => reviewed[path] !== now[path]).map((path) => ({
    key: null,
    moved: 'settings',
    message: `The setting ${path} is ${now[path]}; the plan was made with ${reviewed[path]}.`,
  }));
}

/** Write a plan, for its owner alone; what was there before is replaced. @throws UsageError when that fails */
export function writePlanFile(
  path: string,
  { salt, fingerprint }: PlanKey,
  content: Omit<PlanFile, 'format' | 'formatVersion' | 'program'>,
): void {
  const head = { format: FORMAT, formatVersion: FORMAT_VERSION, program: VERSION } as const;
  const rest = { ...head, ...content, salt, keyCheck: fingerprint(FORMAT) };
  const text = `${JSON.stringify({ ...rest, mac: macOf(rest, fingerprint) }, null, 2)}\n`;
  try {
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new UsageError(`the plan cannot be written to ${path} (${codeOf(error)})`);
  }
}

/** Read a plan that was written with the same API key. @throws UsageError for anything else, which says what it is */
export function readPlanFile(path: string, apiKey: string): { readonly file: PlanFile; readonly key: PlanKey } {
  const { mac, ...rest } = parse(path, readText(path));
  if (rest.formatVersion !== FORMAT_VERSION || rest.program !== VERSION) {
    const by = typeof rest.program === 'string' ? rest.program.slice(0, 40) : 'unknown';
    throw new UsageError(`${path} was made by databar-sync ${by}, and this is ${VERSION}: ${ANEW}`);
  }
  const key = createPlanKey(apiKey, rest.salt);
  if (rest.keyCheck !== key.fingerprint(FORMAT)) {
    throw new UsageError(`${path} was made with another API key, perhaps for another workspace: ${ANEW}`);
  }
  if (mac !== macOf(rest, key.fingerprint)) {
    throw new UsageError(`${path} was altered, or cut short, since it was written: ${ANEW}`);
  }
  return { file: rest, key };
}

const ANEW = 'make the plan anew with databar-sync plan --out';

function macOf(rest: PlanFile & Omit<Sealed, 'mac'>, fingerprint: Fingerprint): string {
  return fingerprint(`mac:${JSON.stringify(rest)}`);
}

function readText(path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MAX_BYTES) throw new UsageError(`${path} is no plan of databar-sync`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`the plan ${path} cannot be read (${codeOf(error)})`);
  }
}

/** What it holds is believed only once its code has proved that we wrote it. */
function parse(path: string, text: string): PlanFile & Sealed {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is no plan of databar-sync, or was cut short: ${ANEW}`);
  }
  const fields = typeof parsed === 'object' && parsed !== null ? (parsed as Partial<PlanFile & Sealed>) : {};
  if (fields.format !== FORMAT || typeof fields.salt !== 'string') {
    throw new UsageError(`${path} is no plan of databar-sync: ${ANEW} (--output json is for programs to read)`);
  }
  return fields as PlanFile & Sealed;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
