import manifest from '../../package.json' with { type: 'json' };

/** Put in their places by the build; there are no such names when the program runs from its source. */
declare const BUILD_COMMIT: string | null;

declare const BUILD_SOURCE: string;

/** The released version, as in package.json. */
export const VERSION: string = manifest.version;

/** The git commit that the bundle was built from; null when it is not known. */
export const COMMIT: string | null = typeof BUILD_COMMIT === 'undefined' ? null : BUILD_COMMIT;

/** A digest of all that the bundle was built from; null when the program runs from its source, which may change meanwhile. */
export const SOURCE_DIGEST: string | null = typeof BUILD_SOURCE === 'undefined' ? null : BUILD_SOURCE;

/** What `--version` prints. */
export const VERSION_LINE: string = COMMIT === null ? VERSION : `${VERSION} (commit ${COMMIT})`;
