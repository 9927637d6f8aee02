// Dates, times, sizes and search keys as a person at a counter reads and types them.
import type { Language } from "./index.svelte";

/** yyyy-mm-dd → dd/MM/yyyy; anything else comes back as it is. */
export function day(iso: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso);
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : iso;
}

/**
 * A typed day → yyyy-mm-dd. Takes 1/3/2025, 01-03-2025, 01.03.2025 and 01032025. What is no day
 * comes back as typed (without spaces around), for the core to judge: nothing is guessed.
 */
export function typedDay(text: string): string {
  const typed = text.trim();
  const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(typed) ?? /^(\d\d)(\d\d)(\d{4})$/.exec(typed);
  const [, d = "", m = "", y = ""] = parts ?? [];
  return parts ? `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}` : typed;
}

/** A birth as exactly as it is known: yyyy-mm-dd, yyyy-mm or yyyy → dd/MM/yyyy, MM/yyyy or yyyy. */
export function birth(iso: string): string {
  const parts = /^(\d{4})-(\d\d)$/.exec(iso);
  return parts ? `${parts[2]}/${parts[1]}` : day(iso);
}

/** A typed birth, the other way. What is none comes back as typed. */
export function typedBirth(text: string): string {
  const parts = /^(\d{1,2})[/.-](\d{4})$/.exec(text.trim());
  return parts ? `${parts[2]}-${(parts[1] ?? "").padStart(2, "0")}` : typedDay(text);
}

/** RFC 3339 → the counter's wall clock, as written: "09 giờ 41 phút, 24/11/2026". */
export function instant(rfc3339: string, language: Language): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)/.exec(rfc3339);
  if (!parts) return rfc3339;
  const [, date = "", hour = "", minute = ""] = parts;
  return language === "vi" ? `${hour} giờ ${minute} phút, ${day(date)}` : `${hour}:${minute}, ${day(date)}`;
}

/** Short form for tables: "24/11/2026 09:41". */
export function shortInstant(rfc3339: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(rfc3339);
  return parts ? `${day(parts[1] ?? "")} ${parts[2]}` : rfc3339;
}

/** Bytes → "41,2 GB" (decimal units, as disks are sold). */
export function size(bytes: number, language: Language): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const digits = step >= 3 ? 1 : 0;
  const number = new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: digits });
  return `${number.format(bytes / 1000 ** step)} ${units[step]}`;
}

/** A number with one digit after the comma; `signed` also when it is positive. */
export function tenths(value: number, language: Language, signed = false): string {
  const options = { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: signed ? "exceptZero" : "auto" } as const;
  return new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-GB", options).format(value);
}

/** Key for search with and without diacritics: đ = d, case does not matter. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
}
