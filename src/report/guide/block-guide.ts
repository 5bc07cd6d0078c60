/** Every block code: why a change waits. The types leave no gap. */

import type { BlockCode } from '../../model/change.ts';
import type { CodeGuide } from './code-guide.ts';

export const BLOCK_GUIDE: Readonly<Record<BlockCode, CodeGuide>> = {
  ambiguous_name: {
    title: 'Several live connectors have the name of a definition.',
    meaning:
      'The definition is not bound yet and has no `id`, so it would be matched by name, and more than one connector has it.',
    remedy: 'Pin one with `id`: the message names the candidates. Rename or delete the others if they are left over.',
  },
  pinned_id_missing: {
    title: 'The pinned `id` does not exist.',
    meaning:
      'The definition says which connector it means, and the workspace has none with that id: it was deleted, or the id is of another workspace.',
    remedy:
      'Correct the `id`, or remove it to create a new connector. Check that the API key is of the right workspace.',
  },
  id_claimed: {
    title: 'The bound connector is pinned by another definition.',
    meaning: 'Two definitions mean one connector: one is bound to it from before, another says its `id`.',
    remedy: 'Remove one of the two, or give the bound one the `id` of another connector.',
  },
  name_held: {
    title: 'The only connector of that name is held for a definition that is invalid.',
    meaning: 'A new definition would create a twin of a connector whose own definition cannot be read right now.',
    remedy: 'Mend the invalid definition first; `validate` tells its place.',
  },
  unsettled_create: {
    title: 'An earlier create got no answer.',
    meaning:
      'The request was sent and its answer was lost. Before another is sent, the live list is asked until `api.timeout` has passed, so that there is no duplicate.',
    remedy: 'Wait: it is settled by itself within seconds. If it stays, the API does not answer to lists either.',
  },
  masked_value: {
    title: 'An ignored value is masked, so that it cannot be carried along.',
    meaning:
      'An update replaces the whole connector, with the live values where `sync.ignore` says so. Where the server answers `***` in place of one, the mask would be written over it, and the value would be lost. `--force` does not lift it.',
    remedy:
      'Remove the place from `sync.ignore` and have the file hold the value, as a placeholder. Or make the same change in the web app: then there is nothing to send.',
  },
  source_unavailable: {
    title: 'The source directory is missing or unreadable.',
    meaning: 'What is absent is not taken for removed: nothing is deleted. `--force` does not lift it.',
    remedy: 'Check the mount, git-sync and the permissions of `source.dir`. Work goes on by itself when it is back.',
  },
  source_empty: {
    title: 'The source holds no definition at all.',
    meaning:
      'An empty directory is rather a broken checkout than the wish to delete everything. `--force` does not lift it.',
    remedy:
      'Check `source.dir` and what delivers the files. To really delete the last connectors, delete them in the web app, or keep one definition.',
  },
  invalid_definitions: {
    title: 'Deletes wait until every definition is valid.',
    meaning:
      'A definition that cannot be read may be the new place of one that seems removed. `--force` does not lift it.',
    remedy: 'Mend what `validate` reports.',
  },
  mass_delete: {
    title: 'More deletes than allowed in one pass.',
    meaning: 'More than `sync.maxDeletePercent` of at least 5 bound connectors would be deleted.',
    remedy:
      'See in the plan what would be deleted. If all of it is meant, run `databar-sync sync --policy sync --force` once, or delete in smaller steps.',
  },
  unconfirmed_delete: {
    title: 'A delete waits for the next pass.',
    meaning: 'The daemon deletes only what two passes in a row plan to delete, over files at rest.',
    remedy: 'Nothing: the confirming pass comes within 30 seconds.',
  },
  live_list_short: {
    title: 'The live list lacks more than half of the bound connectors.',
    meaning:
      'Of at least 5 bound connectors more than half are gone at once: rather a bad answer or another workspace than the truth. Nothing is created again.',
    remedy:
      'Check which workspace the API key belongs to, and look at the web app. If they are really gone and should come back, use `--force` once.',
  },
  fight: {
    title: 'Something else writes to this connector too.',
    meaning:
      'Drift was healed 5 times in 10 minutes, and the connector was changed again each time. It is left alone until that calms down.',
    remedy:
      'Find who else writes: another databar-sync, a script, a person. Stop it, change the file, or set `sync.suspend` or `sync.ignore`.',
  },
};
