const OWN_VARIABLE = /^DATABAR_(?:API_KEY|SYNC_)/;

/** Whether a variable, or each that begins like this, is the daemon's own: out of reach, whatever the prefix is. */
export function isOwnVariable(name: string): boolean {
  return OWN_VARIABLE.test(name);
}
