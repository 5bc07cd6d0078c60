/**
 * git-sync, played with the real git: the same layout, in the same order. Its commands and files are those of its
 * documentation and source (kubernetes/git-sync, v4): a repository in the root, a worktree for each commit in `.worktrees`,
 * a pointer with a relative path, a link that is exchanged by a rename, and a webhook that is called after that.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { basename, join } from 'node:path';

export interface GitSync {
  /** Fetch the newest commit and publish it. @returns its hash */
  readonly sync: () => string;
  /** Remove every worktree that the link does not lead to. */
  readonly removeStale: () => void;
  /** Call the webhook for what is published. @returns the status, or what went wrong */
  readonly callWebhook: (url: string) => Promise<number | string>;
}

export interface Upstream {
  readonly directory: string;
  /** Commit these files (path -> text; null removes one) to `main`. @returns the hash */
  readonly commit: (files: Readonly<Record<string, string | null>>) => string;
}

const WEBHOOK_TIMEOUT_MS = 1000;

function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: directory, GIT_CONFIG_NOSYSTEM: '1' },
  }).trim();
}

export function createUpstream(directory: string): Upstream {
  mkdirSync(directory, { recursive: true });
  git(directory, 'init', '--quiet', '--initial-branch=main');
  git(directory, 'config', 'user.name', 'A');
  git(directory, 'config', 'user.email', 'a@example.com');
  return {
    directory,
    commit(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(directory, path, '..'), { recursive: true });
        if (text === null) rmSync(join(directory, path));
        else writeFileSync(join(directory, path), text);
      }
      git(directory, 'add', '--all');
      git(directory, 'commit', '--quiet', '--message', Object.keys(files).join(', '));
      return git(directory, 'rev-parse', 'HEAD');
    },
  };
}

export function startGitSync(root: string, upstream: Upstream): GitSync {
  mkdirSync(root, { recursive: true });
  git(root, 'init', '--quiet', '-b', 'git-sync');
  const link = join(root, 'current');

  return {
    sync() {
      git(
        root,
        'fetch',
        upstream.directory,
        'main',
        '--verbose',
        '--no-progress',
        '--prune',
        '--no-auto-gc',
        '--depth',
        '1',
      );
      const hash = git(root, 'rev-parse', 'FETCH_HEAD^{}');
      const worktree = join(root, '.worktrees', hash);
      git(root, 'worktree', 'add', '--force', '--detach', worktree, hash, '--no-checkout');
      writeFileSync(join(worktree, '.git'), `gitdir: ../../.git/worktrees/${hash}\n`);
      git(worktree, 'reset', '--hard', hash, '--');
      symlinkSync(join('.worktrees', hash), join(root, 'tmp-link'));
      renameSync(join(root, 'tmp-link'), link);
      return hash;
    },
    removeStale() {
      const listed = git(root, 'worktree', 'list', '--porcelain').matchAll(/^worktree (.*\.worktrees\/(.*))$/gmu);
      for (const [, path = '', hash] of listed) {
        if (hash !== basename(readlinkSync(link))) rmSync(path, { recursive: true });
      }
      git(root, 'worktree', 'prune', '--verbose');
    },
    async callWebhook(url) {
      const { promise, resolve } = Promise.withResolvers<number | string>();
      // Go makes a header of the address's user and password, as Node does.
      const headers = { 'gitsync-hash': basename(readlinkSync(link)), 'content-length': 0 };
      request(url, { method: 'POST', headers, timeout: WEBHOOK_TIMEOUT_MS }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      })
        .on('timeout', () => resolve('the webhook was not answered within a second'))
        .on('error', (error) => resolve(error.message))
        .end();
      return promise;
    },
  };
}
