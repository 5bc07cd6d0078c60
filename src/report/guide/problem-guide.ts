/** Every problem code. The types leave no gap: who adds a code is asked by the compiler to explain it here. */

import type { ProblemCode } from '../../model/problem.ts';
import type { CodeGuide } from './code-guide.ts';

export const PROBLEM_GUIDE: Readonly<Record<ProblemCode, CodeGuide>> = {
  file_unreadable: {
    title: 'A file cannot be read.',
    meaning: 'The system refused to open the file, its link leads nowhere, or it kept changing while it was read.',
    remedy:
      'Check that the file exists and that the user of the daemon may read it. If something rewrites it all the time, stop that.',
  },
  file_too_large: {
    title: 'A file is larger than allowed.',
    meaning:
      'A file may have 1 MiB, 1000 documents and 500,000 YAML tokens, a document 50,000 tokens. A definition needs a few kilobytes.',
    remedy: 'Split the file, or move what is no definition out of the source directory.',
  },
  file_not_regular: {
    title: 'A definition is not a regular file.',
    meaning: 'A directory, pipe, socket or device has the name of a definition. It is never opened.',
    remedy: 'Put a regular file there, or a link to one inside the source directory; or give it another name.',
  },
  file_link_outside: {
    title: 'A link leads out of the source directory.',
    meaning:
      'Links are followed only inside the source directory, so that nobody who may commit can read other files of the machine.',
    remedy: 'Copy the file into the source directory, or let the link lead to a place inside it.',
  },
  invalid_utf8: {
    title: 'A file is not UTF-8 text.',
    meaning: 'The bytes at this place are no UTF-8, or the text holds half a surrogate pair.',
    remedy: 'Save the file as UTF-8 in your editor; look at the place that is named.',
  },
  nul_character: {
    title: 'A file holds a NUL character.',
    meaning: 'No text may hold a NUL. Often the file was saved as UTF-16, or is not a text at all.',
    remedy: 'Remove the character, or save the file as UTF-8.',
  },
  yaml_syntax: {
    title: 'The YAML cannot be parsed.',
    meaning:
      'The file breaks a rule of YAML at this place or just before it. Every definition of the file is held as it is.',
    remedy:
      'Look at the line and the one above: a quote that is not closed, a tab, a wrong indent, or a text with `: ` or ` #` that needs quotes.',
  },
  yaml_warning: {
    title: 'The YAML parses, but not surely as it was meant.',
    meaning:
      'The file holds something that readers of YAML take in different ways, such as a %YAML directive for version 1.1.',
    remedy: 'Remove the directive, or write the value so that it can be read in one way only.',
  },
  duplicate_key: {
    title: 'A field stands twice in one map.',
    meaning: 'YAML would let one of the two win in silence.',
    remedy: 'Remove one of the two. In a list, check that each entry begins with a hyphen.',
  },
  merge_key: {
    title: 'A merge key (<<) is used.',
    meaning: 'Merge keys belong to YAML 1.1; files are read as YAML 1.2.',
    remedy: 'Write the fields out, or use an alias (`*name`) for a whole value.',
  },
  unknown_tag: {
    title: 'A YAML tag is unknown.',
    meaning: 'A value begins with an exclamation mark, which in YAML names a type that is not known here.',
    remedy: 'Put the value in quotes if the exclamation mark is part of it; else remove the tag.',
  },
  too_many_aliases: {
    title: 'A document uses more YAML aliases than allowed.',
    meaning:
      'A document may use 100 aliases and stand for 100,000 values, so that a small file cannot become an enormous one.',
    remedy: 'Write the values out.',
  },
  too_deep: {
    title: 'Maps and lists are nested deeper than allowed.',
    meaning: 'Values lie more than 32 levels deep; a definition needs five.',
    remedy: 'Check the brackets: a JSON template must be one text, in quotes or as a block (`|`).',
  },
  unsafe_integer: {
    title: 'An integer is too large to be kept exactly.',
    meaning: 'A whole number beyond 2^53 would lose digits.',
    remedy: 'Put it in quotes if it is a text, such as the id of an account.',
  },
  empty_document: {
    title: 'A document is empty.',
    meaning: 'The file, or the part between two lines of `---`, holds no definition. It is not taken for a deletion.',
    remedy: 'Delete the file if its connector is to go; else put the definition back.',
  },
  not_a_map: {
    title: 'A document is not a map of fields.',
    meaning: 'A definition is a map such as `name: ...`. Found was a list, or a single value.',
    remedy:
      'Begin with the fields. Write several definitions as several documents, with `---` between them, or as several files.',
  },
  missing_ref: {
    title: 'A document in a file of several has no sync.ref.',
    meaning: 'Documents of one file are told apart by `sync.ref`; without it nobody can tell which connector is meant.',
    remedy: 'Add `sync: {ref: some-name}` to each document, or make a file of each.',
  },
  missing_field: {
    title: 'A required field is missing.',
    meaning: 'A definition needs `name`, `method` and `url`; an entry of a list needs `name`.',
    remedy: 'Add the field. `databar-sync explain` lists all of them.',
  },
  unknown_field: {
    title: 'A field is unknown.',
    meaning:
      'A field that is not known would do nothing, so it is an error: mostly it is a slip of the pen, or stands at the wrong depth.',
    remedy: 'Follow the hint, check the indent, or see `databar-sync explain`.',
  },
  wrong_type: {
    title: 'A value is of the wrong type.',
    meaning:
      'A text, number, list or map stands where another kind of value is expected. Nothing is converted in silence.',
    remedy:
      'Put numbers and words such as true in quotes where a text is expected, and remove quotes where a number is. Jinja needs quotes.',
  },
  too_long: {
    title: 'A text is longer than allowed.',
    meaning:
      'The API allows 256 characters in a name, 512 in a URL, 2048 in a body template. With placeholders, the resolved text counts.',
    remedy: 'Shorten it; move query parameters of a URL into `parameters`.',
  },
  too_small: {
    title: 'A number is smaller than allowed.',
    meaning: '`id`, `rate_limit` and `max_concurrency` are 1 or more.',
    remedy: 'Leave the limit out, or write null, for no limit of its own.',
  },
  not_allowed: {
    title: 'A value is not among those allowed.',
    meaning: 'The field takes only certain words, or a text of a certain form.',
    remedy: 'Take one of the values that the message names; see `databar-sync explain` and the field.',
  },
  invalid_url: {
    title: 'A URL is not an absolute http or https URL.',
    meaning:
      'The server can only call addresses that begin with http:// or https:// and name a host. Jinja in them is passed over.',
    remedy: 'Write the whole address, encode spaces as %20, and look for a line break or a space at its end.',
  },
  invalid_header_name: {
    title: 'A header name is not a legal HTTP token.',
    meaning: 'Names of headers consist of letters, digits, hyphens and a few signs, without spaces or a colon.',
    remedy: 'Write the name alone; what follows the colon belongs into `value`.',
  },
  invalid_header_value: {
    title: 'A header value holds characters that HTTP does not allow.',
    meaning: 'The value holds a line break or a NUL, in the file or in the secret that its placeholder stands for.',
    remedy:
      'Use `|-` or `>-` for a block, which leave out the last line break. Check the secret for a line break within it.',
  },
  invalid_pointer: {
    title: 'A JSON Pointer is malformed or leads to no field.',
    meaning: 'An entry of `sync.ignore` points at nothing that a connector has.',
    remedy: 'Begin with a slash and the name of a field: `/rate_limit`, `/headers/0/value`.',
  },
  placeholder_syntax: {
    title: 'A placeholder is malformed.',
    meaning: 'A `${` is not closed by a `}`, or what follows `env:` is not the name of a variable.',
    remedy:
      'Write `${env:CONNECTOR_NAME}` or `${secret:name}`, without spaces or a default. Write `$${` for a literal `${`.',
  },
  placeholder_unknown: {
    title: 'A placeholder is of an unknown kind.',
    meaning:
      'Known are `${env:NAME}` and `${secret:name}`. A bare `${NAME}` is not read, so that nothing is sent by mistake.',
    remedy: 'Add the kind; write `$${` for a literal `${`.',
  },
  placeholder_forbidden: {
    title: 'A placeholder names something that must not be read.',
    meaning:
      "Only environment variables with the prefix of `secrets.envPrefix` can be read, and only plain files directly inside `secrets.dir`. The daemon's own key never can.",
    remedy:
      'Rename the variable so that it begins with the prefix, or put the secret as a file into the secrets directory.',
  },
  placeholder_unset: {
    title: 'A placeholder has no value.',
    meaning:
      'The environment variable is not set, or the secrets directory has no such file. Nothing of the definition is sent. In `validate` it is a warning.',
    remedy:
      'Set the variable where the daemon runs, not where you edit; an empty value counts as one. Files are read again at each pass.',
  },
  placeholder_unreadable: {
    title: 'The value of a placeholder cannot be read.',
    meaning:
      'The file of the secret is there, and it is not readable, no UTF-8 text, larger than 64 KiB or no regular file.',
    remedy: "Check the permissions of the mounted secret, and that the daemon's user may read it.",
  },
  duplicate_ref: {
    title: 'Two documents of one file have the same sync.ref.',
    meaning: 'A ref tells the documents of one file apart, so it must be unique in it. None of them is used.',
    remedy: 'Give each its own ref; probably one was copied.',
  },
  duplicate_definition_key: {
    title: 'Two definitions have the same key.',
    meaning:
      'The key is the path without its extension: `a.yaml` and `a.json` would be one definition. None of them is used.',
    remedy: 'Rename or delete all but one of the files.',
  },
  duplicate_id: {
    title: 'Two definitions are pinned to the same connector.',
    meaning: 'Both say the same `id`, so each would undo the other. None of them is used.',
    remedy: 'Remove one, or give the copy no `id`, so that a connector is created for it.',
  },
  duplicate_name: {
    title: 'Two definitions without ids have the same name.',
    meaning: 'Without `id` and before they are bound, definitions are matched by name, and these cannot be told apart.',
    remedy: 'Rename all but one, or pin each to its connector with `id`.',
  },
  rejected_by_server: {
    title: 'The server rejected a value.',
    meaning:
      'The definition passed every check here, and the API refused it at this place (a 422). It is not tried again before it changes.',
    remedy: 'Change the value that is named. If the API is stricter than its reference, please report it.',
  },
  duplicate_header: {
    title: 'A header stands twice.',
    meaning: 'Two entries of `headers` have one name; case makes no difference. Which one a service takes is not said.',
    remedy: 'Remove one of the two, or join their values.',
  },
  secret_in_clear: {
    title: 'A secret is written in clear.',
    meaning:
      'A value whose name says credential, or that has the form of a well-known key, stands in the file, and so in the history of the repository.',
    remedy: 'Write `${env:CONNECTOR_NAME}` or `${secret:name}` instead, and exchange the secret where it came from.',
  },
  insecure_url: {
    title: 'A URL sends everything in clear text.',
    meaning: 'With `http://` whoever is on the way can read the request, with its headers, and alter the answer.',
    remedy: 'Write `https://`, if the service offers it.',
  },
  similar_name: {
    title: 'Two names differ only in case or spaces.',
    meaning: 'They are two connectors, and people will take one for the other.',
    remedy: 'Give them names that can be told apart, or remove the one that was copied.',
  },
  similar_file: {
    title: 'Two files differ only in the case of their paths.',
    meaning: 'Where case makes no difference, as on macOS and Windows, git checks out only one of them.',
    remedy: 'Rename one of them.',
  },
  body_ignored: {
    title: 'A body list stands beside a body template, which wins.',
    meaning: 'When `body_template` is set, its variables become the body parameters in place of the list.',
    remedy: 'Remove one of the two.',
  },
  body_with_get: {
    title: 'A GET request has a body.',
    meaning: 'Many servers ignore the body of a GET request, or refuse it.',
    remedy: 'Use `parameters`, or the method post.',
  },
  jinja_syntax: {
    title: 'Jinja braces do not pair up, or are single.',
    meaning: 'A `{{`, `{%` or `{#` is not closed, or a name stands in single braces, which are sent as they stand.',
    remedy: 'Write `{{ name }}`.',
  },
  not_a_placeholder: {
    title: 'A text looks like a placeholder and is none.',
    meaning: '`$CONNECTOR_NAME` is how a shell names a variable. Here it is sent as it stands.',
    remedy: 'Write `${env:CONNECTOR_NAME}`.',
  },
};
