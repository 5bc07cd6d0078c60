import manifest from '../../package.json' with { type: 'json' };

/** Put in its place by the build; there is no such name when the program runs from its source. */
declare const BUILD_COMMIT: string | null;

/** The released version, as in package.json. */
export const VERSION: string = manifest.version;

/** The git commit that the bundle was built from; null when it is not known. */
export const COMMIT: string | null = typeof BUILD_COMMIT === 'undefined' ? null : BUILD_COMMIT;

/** What `--version` prints. */
export const VERSION_LINE: string = COMMIT === null ? VERSION : `${VERSION} (commit ${COMMIT})`;
