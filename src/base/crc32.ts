/** The CRC-32 of a text's UTF-8, as zlib's, whose module takes longer to load than this to run. */
export function crc32(text: string): number {
  let sum = -1;
  for (const byte of Buffer.from(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? polynomial : 0);
  }
  return ~sum >>> 0;
}

/** Bits reversed. Source: RFC 1952, section 8. */
const polynomial = 0xedb88320;
