/** The bytes of an embedded module. Not `Buffer`: this package also runs in a browser's worker. */
export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
