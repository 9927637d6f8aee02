// Capture of the counter in memory: where pages land, two passes made sheets, edits without a pixel.
import { lookOf } from "./look";
import type { Edit, Landing, Mend, PageView, ScanProfile } from "./generated";

export const SCAN_PROFILES: ScanProfile[] = [
  { name: "Kính, màu", dpi: 300, colour: "colour", source: "flatbed", sides: "one" },
  { name: "Khay, hai mặt", dpi: 200, colour: "colour", source: "feeder", sides: "both" },
  { name: "Khay, lật tay", dpi: 200, colour: "grey", source: "feeder", sides: "manual" },
];

/** Pages one pass of the simulated feeder gives. */
export const passOf = (profile: ScanProfile): number => (profile.source === "flatbed" ? 1 : profile.sides === "both" ? 6 : 3);

/** Lays pages into the order of a desk; `next` is where those that come after them land. */
export function laid(order: PageView[], landing: Landing, came: PageView[]): { pages: PageView[]; next: Landing } {
  const sought = landing.replaces ?? landing.before;
  const at = order.findIndex((page) => page.id === sought);
  const instead = at >= 0 && landing.replaces !== null;
  const place = instead ? (order[at]?.place ?? 0) : landing.spot.place;
  const here = at < 0 ? order.length : at;
  const pages = [...order.slice(0, here), ...came.map((page) => ({ ...page, place })), ...order.slice(here + (instead ? 1 : 0))];
  return { pages, next: { spot: landing.spot, before: pages[here + came.length]?.id ?? null, replaces: null } };
}

/** Puts pages on a paper, after its others. */
export function placed(order: PageView[], ids: string[], place: number): PageView[] {
  const moved = order.filter((page) => ids.includes(page.id)).map((page) => ({ ...page, place }));
  const stay = order.filter((page) => !ids.includes(page.id));
  const last = stay.map((page) => page.place).lastIndexOf(place);
  const after = last < 0 ? stay.length : last + 1;
  return [...stay.slice(0, after), ...moved, ...stay.slice(after)];
}

/** Fronts, then backs last sheet first, become sheets; an odd number stays as it is. */
export function interleaved(order: PageView[], ids: string[]): PageView[] {
  const chosen = order.filter((page) => ids.includes(page.id));
  if (chosen.length % 2 !== 0) return order;
  const half = chosen.length / 2;
  const sheets = chosen.slice(0, half).flatMap((front, i) => [front, ...chosen.slice(chosen.length - 1 - i, chosen.length - i)]);
  return order.map((page) => (ids.includes(page.id) ? (sheets.shift() ?? page) : page));
}

/** What a page needs to be straight or clear, by what was found on it. */
export function mend(page: PageView, how: Mend): Edit | null {
  const found = (kind: string): boolean => page.findings.some((one) => one.kind === kind);
  if (how === "straighten") return found("skewed") ? { edit: "straighten", mdeg: -1_500 } : null;
  return { edit: "contrast", black: 30, white: 236 };
}

/** A page as it is shown: what was accepted is a notice, what was straightened is not askew. */
export function shown(page: PageView, number: number): PageView {
  const straight = page.edits.some((edit) => edit.edit === "straighten");
  const findings = page.findings.filter((found) => !(straight && found.kind === "skewed"));
  return {
    ...page, look: lookOf(page.edits),
    findings: findings.map((found) => ({
      ...found, page: number, severity: page.accepted !== null && found.severity === "warning" ? "notice" : found.severity,
    })),
  };
}
