/** Which names in the source directory count, and which are somebody's scratch paper. */

const DEFINITION = /\.(?:ya?ml|json)$/i;

/**
 * Files that editors leave for a moment: Emacs (`#x#`, `.#x`), Vim (`4913`, `.swp`), JetBrains (`x___jb_tmp___`), Kate,
 * GNOME (`.goutputstream-`), LibreOffice (`.~lock.`) and backup copies (`x~`).
 */
const TEMPORARY = /~$|^\.?#|^4913$|\.sw[a-p]$|\.kate-swp$|___jb_(?:tmp|old)___|^\.goutputstream-|^\.~lock\./i;

/** Is this a file that holds definitions, by its name? */
export function isDefinitionName(name: string): boolean {
  return DEFINITION.test(name) && !isSkippedName(name);
}

/**
 * Does this name, of a file or a directory, never count? True for hidden names, editors' temporary files, and the
 * directory that ext4 keeps at the top of a volume, which nobody but root may read.
 */
export function isSkippedName(name: string): boolean {
  return name.startsWith('.') || name === 'lost+found' || isTemporaryName(name);
}

export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}
