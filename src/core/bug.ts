/** Thrown where the program contradicts itself; never for bad input or a refusing service. */
export class Bug extends Error {
  override readonly name = 'Bug';
}
