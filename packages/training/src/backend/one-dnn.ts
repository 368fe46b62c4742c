/** Whether the user has switched oneDNN off, which changes the bits of TensorFlow. */
export function isOneDnnOff(): boolean {
  return process.env['TF_ENABLE_ONEDNN_OPTS'] === '0';
}
