/** A type of `model/` that the page never meets speaks of it; none of Node's other types are wanted here. */
interface Buffer extends Uint8Array {
  readonly constructor: unknown;
}
