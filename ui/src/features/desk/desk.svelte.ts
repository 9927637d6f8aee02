// The desks: the one shown, its pages, the selection, and the clerk's edits. Every edit is a command;
// what the window shows is what the core answered.
import type { Client, PageId } from "../../api/client";
import type { DeskLine, DraftView, Finding, ImportReport, PageView, Progress, Spot } from "../../api/generated";
import type { Notices } from "../notices/notices.svelte";

/** The desk for single papers; it is always there. */
export const LOOSE = "loose";

export class Desk {
  /** The desk shown. */
  id = $state(LOOSE);
  /** The paper of its dossier the clerk is at, from 1; 0 = none. */
  paper = $state(0);
  lines = $state<DeskLine[]>([]);
  draft = $state<DraftView | null>(null);
  /** Selected pages; `cursor` is the one shown large. */
  selected = $state<PageId[]>([]);
  cursor = $state<PageId | null>(null);
  importing = $state(false);
  importProgress = $state<Progress | null>(null);
  refused = $state<Finding[]>([]);
  added = $state<number | null>(null);

  readonly case = $derived(this.draft?.case ?? null);
  readonly spot = $derived<Spot>({ desk: this.id, place: this.paper });
  readonly pages = $derived<PageView[]>(this.draft?.pages ?? []);
  readonly place = $derived(this.pages.findIndex((page) => page.id === this.cursor));
  readonly current = $derived<PageView | null>(this.pages[this.place] ?? null);

  /** Called with each draft the core answers with. */
  onDraft: (draft: DraftView, force: boolean) => void = () => {};

  #anchor: PageId | null = null;
  #work: Promise<boolean> = Promise.resolve(true);
  #readPending = false;
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Reads the desk again. `force` also replaces what stands in the form. */
  read(force = false): Promise<boolean> {
    if (this.#readPending && !force) return this.#work;
    this.#readPending = true;
    return this.#then(async () => {
      this.#readPending = false;
      const [lines, draft] = await Promise.all([this.#client.call("desks", null), this.#client.call("draft", { desk: this.id })]);
      this.lines = lines;
      return draft;
    }, force);
  }

  /** Shows another desk. */
  switchTo(id: string): Promise<boolean> {
    this.#leave(id);
    return this.read(true);
  }

  /** Opens a desk for a new dossier, or for one that was received before. */
  open(dossier: string | null = null): Promise<boolean> {
    return this.#then(async () => {
      const draft = await this.#client.call("open_desk", { dossier });
      this.#leave(draft.desk);
      this.lines = await this.#client.call("desks", null);
      return draft;
    }, true);
  }

  /** Takes the desk shown away; what is kept nowhere else goes only when `discard` says so. */
  close(discard = false): Promise<boolean> {
    const id = this.id;
    return this.#then(async () => {
      if (id === LOOSE) return null;
      await this.#client.call("close_desk", { desk: id, discard });
      this.#notices.clearGuidance();
      this.#leave(LOOSE);
      this.lines = await this.#client.call("desks", null);
      return this.#client.call("draft", { desk: LOOSE });
    }, true);
  }

  /** The desk before or after this one in the row. */
  next(step: -1 | 1): void {
    const at = this.lines.findIndex((line) => line.desk === this.id);
    const to = this.lines[(at + step + this.lines.length) % this.lines.length];
    if (to && to.desk !== this.id) void this.switchTo(to.desk);
  }

  #leave(id: string): void {
    this.id = id;
    this.paper = 0;
    this.cursor = null;
    this.selected = [];
    this.refused = [];
    this.added = null;
  }

  async import(): Promise<void> {
    if (this.importing) return;
    this.importing = true;
    this.added = null;
    try {
      this.landed(await this.#client.call("import_dialog", { ...this.spot, place: this.takes(this.paper) ? this.paper : 0 }));
    } catch (thrown) {
      this.#notices.report(thrown);
    } finally {
      this.stopped();
    }
  }

  /** An import came to its end, by the dialog or by files dropped on the window. */
  landed(report: ImportReport): void {
    this.refused = report.refused;
    this.added = report.added > 0 ? report.added : null;
    if (report.added > 0) this.#notices.clearGuidance();
    this.stopped();
  }

  stopped(): void {
    this.importing = false;
    this.importProgress = null;
  }

  rotate(quarterTurns: number): Promise<boolean> {
    return this.#edit((pages) => this.#client.call("rotate_pages", { desk: this.id, pages, quarter_turns: quarterTurns }));
  }

  /** Moves the page shown large by one place. */
  move(step: -1 | 1): Promise<boolean> {
    return this.#edit(() => {
      const to = this.place + step;
      if (this.cursor === null || to < 0 || to >= this.pages.length) return null;
      return this.#client.call("move_page", { desk: this.id, page: this.cursor, to });
    });
  }

  remove(): Promise<boolean> {
    return this.#edit((pages) => this.#client.call("delete_pages", { desk: this.id, pages }));
  }

  /** Whether pages may lie on a paper. */
  takes(place: number): boolean {
    const paper = this.case?.papers.find((one) => one.place === place);
    return paper !== undefined && paper.exemption === null && paper.record === null;
  }

  /** Puts the selected pages on a paper; 0 = back among those not sorted. */
  put(place: number): Promise<boolean> {
    return this.#edit((pages) => {
      if (place > 0 && !this.case?.papers.some((one) => one.place === place)) return null;
      return this.#client.call("place_pages", { spot: { desk: this.id, place }, pages });
    });
  }

  /** Takes over the desk another command answers with; its call waits for its turn. False when it failed. */
  adopt(work: () => Promise<DraftView | null>, force = false): Promise<boolean> {
    return this.#then(work, force);
  }

  undo(): Promise<boolean> {
    return this.#then(async () => (this.draft?.can_undo ? this.#client.call("undo", { desk: this.id }) : null));
  }

  redo(): Promise<boolean> {
    return this.#then(async () => (this.draft?.can_redo ? this.#client.call("redo", { desk: this.id }) : null));
  }

  /** Shows a page large; with `extend` everything from the anchor to it is selected. */
  show(place: number, extend = false): void {
    const page = this.pages[Math.max(0, Math.min(place, this.pages.length - 1))];
    if (!page) return;
    this.cursor = page.id;
    const anchor = extend ? this.pages.findIndex((one) => one.id === this.#anchor) : -1;
    if (anchor < 0) {
      this.#anchor = page.id;
      this.selected = [page.id];
      return;
    }
    const [from, to] = [Math.min(anchor, this.place), Math.max(anchor, this.place)];
    this.selected = this.pages.slice(from, to + 1).map((one) => one.id);
  }

  step(by: number, extend = false): void {
    this.show(this.place + by, extend);
  }

  #edit(command: (selected: PageId[]) => Promise<DraftView> | null): Promise<boolean> {
    return this.#then(async () => (this.selected.length > 0 ? command([...this.selected]) : null));
  }

  // One after the other: the second of two quick presses sees what the first one did, and no older
  // answer comes after a newer one.
  #then(work: () => Promise<DraftView | null>, force = false): Promise<boolean> {
    this.#work = this.#work.then(async () => {
      try {
        const draft = await work();
        if (draft) this.#apply(draft, force);
        return true;
      } catch (thrown) {
        this.#readPending = false;
        this.#notices.report(thrown);
        return false;
      }
    });
    return this.#work;
  }

  #apply(draft: DraftView, force: boolean): void {
    // An answer about a desk the clerk has left.
    if (draft.desk !== this.id) return;
    const before = this.place;
    this.draft = draft;
    const here = new Set(draft.pages.map((page) => page.id));
    this.selected = this.selected.filter((id) => here.has(id));
    if (this.cursor === null || !here.has(this.cursor)) {
      this.cursor = null;
      this.show(Math.max(0, before));
    }
    if (draft.pages.length === 0) this.selected = [];
    this.onDraft(draft, force);
  }
}
