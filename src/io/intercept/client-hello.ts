/** The host that a TLS client asks for, read from its first words. */

/** The name in the ClientHello (RFC 8446 4.1.2, RFC 6066 3); `undefined` where there is none, or not all of it has come. */
export function serverNameOf(bytes: Buffer): string | undefined {
  try {
    return readName(bytes);
  } catch {
    // It breaks off, or is no ClientHello.
    return undefined;
  }
}

const [handshake, clientHello, serverName] = [22, 1, 0];

function readName(bytes: Buffer): string | undefined {
  if (bytes.readUInt8(0) !== handshake || bytes.readUInt8(5) !== clientHello) return undefined;
  // Record header 5, message header 4, version 2, random 32.
  let at = 43;
  at += 1 + bytes.readUInt8(at);
  at += 2 + bytes.readUInt16BE(at);
  at += 1 + bytes.readUInt8(at);
  const end = at + 2 + bytes.readUInt16BE(at);
  at += 2;
  while (at < end) {
    const [kind, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    at += 4;
    if (kind === serverName) {
      const size = bytes.readUInt16BE(at + 3);
      const name = bytes.subarray(at + 5, at + 5 + size);
      return name.length === size ? name.toString('latin1').toLowerCase() : undefined;
    }
    at += length;
  }
  return undefined;
}
