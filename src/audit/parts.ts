// SecAuditLogParts: which sections a record holds. A and Z are there whatever the letters say.

export type Part = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'Z';

export function hasPart(parts: string, part: Part): boolean {
  return part === 'A' || part === 'Z' || parts.includes(part);
}

/**
 * Whether the request body is shown as it came. `I` asks for it without files, and only multipart bodies
 * have any.
 */
export function showsRawBody(parts: string, isMultipart: boolean): boolean {
  return hasPart(parts, 'C') || (hasPart(parts, 'I') && !isMultipart);
}

export function showsFakeBody(parts: string, isMultipart: boolean): boolean {
  return hasPart(parts, 'I') && isMultipart;
}
