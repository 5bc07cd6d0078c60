// Put a text as a note on the merge request of this pipeline; a later run writes the same note anew.
//
//   node merge-request-note.ts plan.md
//
// It reads DATABAR_SYNC_NOTE_TOKEN and what GitLab sets in each pipeline of a merge request. It needs Node 24 alone.

import { readFileSync } from 'node:fs';

const MARKER = '<!-- databar-sync plan -->';

interface Note {
  readonly id: number;
  readonly body: string;
}

const variable = (name: string): string => process.env[name] ?? '';
const token = variable('DATABAR_SYNC_NOTE_TOKEN');
const notes = [
  variable('CI_API_V4_URL'),
  'projects',
  variable('CI_PROJECT_ID'),
  'merge_requests',
  variable('CI_MERGE_REQUEST_IID'),
  'notes',
].join('/');

async function ask(url: string, options: RequestInit = {}): Promise<Response> {
  const headers = { 'PRIVATE-TOKEN': token, 'content-type': 'application/json' };
  const answer = await fetch(url, { ...options, headers });
  if (!answer.ok) throw new Error(`GitLab answered ${answer.status}; may DATABAR_SYNC_NOTE_TOKEN write notes?`);
  return answer;
}

/** The id of our note; null when there is none yet. */
async function findNote(): Promise<number | null> {
  let page = '1';
  while (page !== '') {
    const answer = await ask(`${notes}?per_page=100&page=${page}`);
    const found = (await answer.json()) as readonly Note[];
    const ours = found.find(({ body }) => body.startsWith(MARKER));
    if (ours !== undefined) return ours.id;
    page = answer.headers.get('x-next-page') ?? '';
  }
  return null;
}

if (token === '') {
  console.log('DATABAR_SYNC_NOTE_TOKEN is not set: no note is written.');
} else {
  const text = readFileSync(process.argv[2] ?? 'plan.md', 'utf8');
  const body = JSON.stringify({ body: `${MARKER}\n${text}` });
  const id = await findNote();
  await (id === null ? ask(notes, { method: 'POST', body }) : ask(`${notes}/${id}`, { method: 'PUT', body }));
}
