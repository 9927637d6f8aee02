// An edit of the page shown large that is only being tried: a frame to crop by, or a small turn. Enter
// makes it one of the page's edits; leaving the page, or Esc, forgets it.
import type { PageId } from "../../api/client";
import type { Edit, PageView } from "../../api/generated";
import { LEAST, lookOf, upright, WHOLE } from "../../api/look";
import type { Desk } from "./desk.svelte";

export const EDGES = ["left", "top", "right", "bottom"] as const;
export type Edge = (typeof EDGES)[number];
/** What is left out of the page as it is shown, ten-thousandths of its sides. */
export type Margins = Record<Edge, number>;
type Trial = { page: PageId } & ({ kind: "crop"; out: Margins; edge: Edge } | { kind: "tilt"; mdeg: number });

export const TILT_STEP = 100;
export const CROP_STEP = 100;
/** A picture of what is tried is asked for once nothing has moved for so long, ms. */
const PAUSE = 120;
/** Beyond this a page is turned, not tilted. */
const STEEPEST = 15_000;
const OPPOSITE: Record<Edge, Edge> = { left: "right", right: "left", top: "bottom", bottom: "top" };

export class Retouch {
  #trial = $state.raw<Trial | null>(null);
  /** The picture's key with the edit being tried, a moment after it was last moved. */
  #look = $state<{ page: PageId; look: string } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #applying = false;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** What is tried on the page shown large. */
  get trial(): Trial | null {
    return this.#trial?.page === this.#desk.cursor ? this.#trial : null;
  }

  get frame(): { out: Margins; edge: Edge } | null {
    return this.trial?.kind === "crop" ? this.trial : null;
  }

  get mdeg(): number {
    return this.trial?.kind === "tilt" ? this.trial.mdeg : 0;
  }

  beginCrop(): void {
    const page = this.#desk.cursor;
    if (page !== null) this.#try({ page, kind: "crop", out: { left: 0, top: 0, right: 0, bottom: 0 }, edge: "left" });
  }

  /** The edge the arrows move. */
  nextEdge(): void {
    const frame = this.frame;
    if (frame) this.#crop(frame.out, EDGES[(EDGES.indexOf(frame.edge) + 1) % EDGES.length] ?? "left");
  }

  /** Moves the edge by a part of the page; positive = right or down. */
  moveEdge(axis: "x" | "y", by: number): void {
    const frame = this.frame;
    if (!frame) return;
    const { edge } = frame;
    if ((edge === "left" || edge === "right") !== (axis === "x")) return;
    this.setEdge(edge, frame.out[edge] + (edge === "left" || edge === "top" ? by : -by));
  }

  /** Puts an edge; something always stays between it and the one opposite. */
  setEdge(edge: Edge, out: number): void {
    const frame = this.frame;
    if (!frame) return;
    const most = WHOLE - LEAST - frame.out[OPPOSITE[edge]];
    this.#crop({ ...frame.out, [edge]: Math.round(Math.max(0, Math.min(out, most))) }, edge);
  }

  /** A frame drawn by the mouse: its corners, ten-thousandths of the sides. */
  draw(from: { x: number; y: number }, to: { x: number; y: number }): void {
    const frame = this.frame;
    if (!frame) return;
    const inside = (value: number): number => Math.round(Math.max(0, Math.min(value, WHOLE)));
    const [l, r] = [inside(Math.min(from.x, to.x)), inside(Math.max(from.x, to.x))];
    const [t, b] = [inside(Math.min(from.y, to.y)), inside(Math.max(from.y, to.y))];
    if (r - l < LEAST || b - t < LEAST) return;
    this.#crop({ left: l, top: t, right: WHOLE - r, bottom: WHOLE - b }, frame.edge);
  }

  tilt(by: number): void {
    const page = this.#desk.cursor;
    const mdeg = Math.max(-STEEPEST, Math.min(this.mdeg + by, STEEPEST));
    this.#try(page === null || mdeg === 0 ? null : { page, kind: "tilt", mdeg });
  }

  stop(): void {
    this.#try(null);
  }

  /** The edit being tried, of the page as it is shown; null when it changes nothing. */
  get edit(): Edit | null {
    const trial = this.trial;
    if (trial === null) return null;
    if (trial.kind === "tilt") return { edit: "straighten", mdeg: trial.mdeg };
    return EDGES.some((edge) => trial.out[edge] > 0) ? { edit: "crop", ...trial.out } : null;
  }

  /** The key of a page's picture as it would be with the edit being tried; without one, as it is. */
  lookOf(page: PageView): string {
    return this.trial !== null && this.#look?.page === page.id ? this.#look.look : page.look;
  }

  /** Pages the edit is for: all selected ones, when the page shown large is among them. */
  get pages(): PageId[] {
    const { cursor, chosen, selected } = this.#desk;
    return cursor === null ? [] : chosen.has(cursor) ? selected : [cursor];
  }

  /** Makes it an edit of the pages; when that fails it is still there to try again. */
  async apply(): Promise<void> {
    const { edit, pages } = this;
    if (edit === null) return this.stop();
    if (this.#applying) return;
    this.#applying = true;
    await this.#desk.editPages(pages, edit, () => this.stop());
    this.#applying = false;
  }

  #crop(out: Margins, edge: Edge): void {
    const page = this.#desk.cursor;
    if (page !== null) this.#try({ page, kind: "crop", out, edge });
  }

  #try(trial: Trial | null): void {
    this.#trial = trial;
    clearTimeout(this.#timer);
    if (trial === null) this.#look = null;
    else this.#timer = setTimeout(() => (this.#look = this.#tried()), PAUSE);
  }

  #tried(): { page: PageId; look: string } | null {
    const { edit } = this;
    const page = this.#desk.current;
    return edit === null || page === null ? null : { page: page.id, look: lookOf([...page.edits, upright(edit, page.turns)]) };
  }
}
