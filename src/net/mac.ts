declare const mac: unique symbol;

/** An Ethernet address as lower-case `aa:bb:cc:dd:ee:ff`. */
export type Mac = string & { readonly [mac]: true };

const macText = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** Reads an Ethernet address in any letter case. Errors: undefined where the text is not one. */
export function parseMac(text: string): Mac | undefined {
  const lower = text.toLowerCase();
  return macText.test(lower) ? (lower as Mac) : undefined;
}

/** The address as a 48-bit integer. */
export function macToNumber(address: Mac): number {
  return Number.parseInt(address.replaceAll(":", ""), 16);
}

/** The address of a 48-bit integer. */
export function macFromNumber(value: number): Mac {
  const hex = value.toString(16).padStart(12, "0");
  return `${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}:${hex.slice(8, 10)}:${hex.slice(10)}` as Mac;
}

/** True for broadcast and multicast: the group bit of the first octet (IEEE 802). */
export function isGroupMac(address: Mac): boolean {
  return (Number.parseInt(address.slice(0, 2), 16) & 1) === 1;
}
