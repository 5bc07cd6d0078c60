import manifest from '../../package.json' with { type: 'json' };

/** The released version, as in package.json. */
export const VERSION: string = manifest.version;
