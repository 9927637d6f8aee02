// The desks: the one shown, its pages, the selection, and the clerk's edits. Every edit is a command;
// what the window shows is what the core answered.
import type { Client, PageId } from "../../api/client";
import type { DeskLine, DraftView, Edit, Finding, ImportReport, Landing, Mend, PageView, Progress, Spot } from "../../api/generated";
import type { Notices } from "../notices/notices.svelte";

/** An import nobody here began is over when nothing was heard of it for so long, ms: of a file that is
 *  still being written, its end is never told. */
const QUIET = 8_000;
/** The desk for single papers; it is always there. */
export const LOOSE = "loose";

export class Desk {
  /** The desk shown. */
  id = $state(LOOSE);
  /** The paper of its dossier the clerk is at, from 1; 0 = none. */
  paper = $state(0);
  lines = $state<DeskLine[]>([]);
  // Raw: answers are replaced, never changed, and may have thousands of pages.
  draft = $state.raw<DraftView | null>(null);
  /** Selected pages; `cursor` is the one shown large. */
  selected = $state.raw<PageId[]>([]);
  cursor = $state<PageId | null>(null);
  /** The page the next pages land before; null = after all others. */
  mark = $state<PageId | null>(null);
  /** A reason being given for what was found on the selected pages. */
  accepting = $state(false);
  /** Pages beside each other in the grid. */
  columns = $state(1);
  /** Pages that wait for the number of the paper they go to. */
  routing = $state<"split" | "merge" | null>(null);
  /** Desks that were opened for further dossiers of a stack. */
  opened = $state.raw<string[]>([]);
  importing = $state(false);
  importProgress = $state<Progress | null>(null);
  /** Where the pages on their way land. */
  arriving = $state.raw<Landing | null>(null);
  refused = $state<Finding[]>([]);
  added = $state<number | null>(null);

  readonly case = $derived(this.draft?.case ?? null);
  /** The dossier has not left the counter: its papers may change. */
  readonly atCounter = $derived(!this.case?.dossier || ["registered", "received", "supplement_asked"].includes(this.case.dossier.state));
  readonly spot = $derived<Spot>({ desk: this.id, place: this.paper });
  readonly pages = $derived<PageView[]>(this.draft?.pages ?? []);
  readonly places = $derived(new Map(this.pages.map((page, i) => [page.id, i])));
  readonly place = $derived(this.#placeOf(this.cursor));
  readonly current = $derived<PageView | null>(this.pages[this.place] ?? null);
  readonly chosen = $derived(new Set(this.selected));
  /** Where the next pages land: on the paper shown when it takes pages, before the mark. */
  readonly landing = $derived<Landing>({
    spot: { desk: this.id, place: this.takes(this.paper) ? this.paper : 0 }, before: this.mark, replaces: null,
  });

  /** Called with each draft the core answers with. */
  onDraft: (draft: DraftView, force: boolean) => void = () => {};
  /** Called before the clerk changes the pages in any way. */
  onChange: () => void = () => {};

  #anchor: PageId | null = null;
  #work: Promise<boolean> = Promise.resolve(true);
  #readPending = false;
  #bringing = false;
  #quiet: ReturnType<typeof setTimeout> | undefined;
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
    this.onChange();
    this.mark = null;
    this.accepting = false;
    this.routing = null;
    this.opened = [];
    this.id = id;
    this.paper = 0;
    this.cursor = null;
    this.selected = [];
    this.refused = [];
    this.added = null;
  }

  async import(): Promise<void> {
    await this.bring((landing) => this.#client.call("import_dialog", landing));
  }

  /** Takes what is on the clipboard. */
  async paste(): Promise<void> {
    await this.bring((landing) => this.#client.call("import_clipboard", landing));
  }

  /** Has pages come from outside. Their ids, in order; null when it failed, and then some may have landed. */
  async bring(command: (landing: Landing) => Promise<ImportReport>, landing = this.landing): Promise<PageId[] | null> {
    if (this.importing) return null;
    this.onChange();
    this.importing = true;
    this.#bringing = true;
    this.arriving = landing;
    this.added = null;
    const before = this.places;
    try {
      const report = await command(landing);
      this.#bringing = false;
      this.landed(report);
      await this.read();
      return this.pages.filter((page) => !before.has(page.id)).map((page) => page.id);
    } catch (thrown) {
      this.#bringing = false;
      this.stopped();
      this.#notices.report(thrown);
      await this.read();
      return null;
    }
  }

  /** An import came to its end, by a command or by files dropped on the window. */
  landed(report: ImportReport): void {
    this.refused = report.refused;
    this.added = report.added > 0 ? report.added : null;
    if (report.desks.length > 0) this.opened = report.desks;
    if (report.added > 0) this.#notices.clearGuidance();
    this.stopped();
  }

  /** Pages are on their way. */
  heard(progress: Progress): void {
    this.importing = true;
    this.importProgress = progress;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.stopped(), QUIET);
  }

  stopped(): void {
    // What a folder or a drop brought ends nothing that the clerk has begun.
    if (this.#bringing) return;
    clearTimeout(this.#quiet);
    this.importing = false;
    this.importProgress = null;
    this.arriving = null;
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

  /** Whether pages may lie on a paper or result. */
  takes(place: number): boolean {
    const paper = this.case?.papers.find((one) => one.place === place);
    return paper !== undefined && paper.exemption === null && paper.record === null && (paper.result !== null || this.atCounter);
  }

  /** Puts the selected pages on a paper; 0 = back among those not sorted. */
  put(place: number): Promise<boolean> {
    return this.#edit((pages) => this.#put(place, pages));
  }

  /** Sets the selected pages aside as blank; when all of them are, they are pages again. */
  blank(): Promise<boolean> {
    return this.#edit((pages) => {
      const blank = !this.#those(pages).every((page) => page.blank);
      return this.#client.call("mark_blank", { desk: this.id, pages, blank });
    });
  }

  /** Something was found on the selected pages that a clerk may accept, or has. */
  readonly acceptable = $derived(
    this.#those(this.selected).some((page) => page.accepted !== null || page.findings.some((found) => found.severity === "warning")),
  );

  /** Accepts what was found on the selected pages; an empty reason takes it back. */
  accept(reason: string): Promise<boolean> {
    return this.#edit(async (pages) => {
      const draft = await this.#client.call("accept_pages", { desk: this.id, pages, reason });
      // What is typed stays in the form until it is kept.
      this.accepting = false;
      return draft;
    });
  }

  mend(how: Mend): Promise<boolean> {
    return this.#edit((pages) => this.#client.call("mend_pages", { desk: this.id, pages, how }));
  }

  /** Edits pages as they are shown; `made` is called once the edit is theirs. */
  editPages(pages: PageId[], edit: Edit, made: () => void): Promise<boolean> {
    return this.#change(async () => {
      const draft = await this.#client.call("edit_pages", { desk: this.id, pages, edit });
      made();
      return draft;
    });
  }

  /** Takes one edit of the page shown large back; the others stay. */
  dropEdit(edit: number): Promise<boolean> {
    const page = this.cursor;
    return this.#change(async () => (page === null ? null : this.#client.call("drop_edit", { desk: this.id, page, edit })));
  }

  /** Makes sheets of two passes: fronts, then backs as they came out. */
  interleave(pages: PageId[]): Promise<boolean> {
    return this.#change(() => this.#client.call("interleave_pages", { desk: this.id, pages }));
  }

  /** Pages of a split, from the one shown large on, or of a merge: all of them of its paper. */
  readonly routed = $derived(
    this.routing === null ? [] : this.pages.filter((page, i) => page.place === this.current?.place && (this.routing === "merge" || i >= this.place)),
  );

  /** Puts them on a paper; 0 = not sorted. */
  route(place: number): Promise<boolean> {
    const pages = this.routed.map((page) => page.id);
    this.routing = null;
    return this.#change(async () => this.#put(place, pages));
  }

  #put(place: number, pages: PageId[]): Promise<DraftView> | null {
    if (place > 0 && !this.case?.papers.some((one) => one.place === place)) return null;
    return this.#client.call("place_pages", { spot: { desk: this.id, place }, pages });
  }

  /** The next pages land before the page shown large, or, when the mark is there already, at the end. */
  setMark(page = this.cursor): void {
    this.mark = this.mark === page ? null : page;
  }

  /** Takes over the desk another command answers with; its call waits for its turn. False when it failed. */
  adopt(work: () => Promise<DraftView | null>, force = false): Promise<boolean> {
    return this.#then(work, force);
  }

  undo(): Promise<boolean> {
    return this.#change(async () => (this.draft?.can_undo ? this.#client.call("undo", { desk: this.id }) : null));
  }

  redo(): Promise<boolean> {
    return this.#change(async () => (this.draft?.can_redo ? this.#client.call("redo", { desk: this.id }) : null));
  }

  /** Shows a page large; with `extend` everything from the anchor to it is selected. */
  show(place: number, extend = false): void {
    const page = this.pages[Math.max(0, Math.min(place, this.pages.length - 1))];
    if (!page) return;
    this.cursor = page.id;
    this.accepting = false;
    this.routing = null;
    const anchor = extend ? this.#placeOf(this.#anchor) : -1;
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

  /** Shows another page large; what is selected stays so. */
  look(by: number): void {
    const page = this.pages[this.place + by];
    if (page) this.cursor = page.id;
  }

  /** Takes a page into the selection, or out of it, and shows it large. */
  toggle(place = this.place): void {
    const page = this.pages[place];
    if (!page) return;
    this.cursor = page.id;
    this.#anchor = page.id;
    this.selected = this.chosen.has(page.id) ? this.selected.filter((id) => id !== page.id) : [...this.selected, page.id];
  }

  all(): void {
    this.selected = this.pages.map((page) => page.id);
  }

  #placeOf(id: PageId | null): number {
    return id === null ? -1 : (this.places.get(id) ?? -1);
  }

  #those(ids: PageId[]): PageView[] {
    return ids.flatMap((id) => this.pages[this.#placeOf(id)] ?? []);
  }

  #edit(command: (selected: PageId[]) => Promise<DraftView> | null): Promise<boolean> {
    return this.#change(async () => (this.selected.length > 0 ? command([...this.selected]) : null));
  }

  #change(work: () => Promise<DraftView | null>): Promise<boolean> {
    this.onChange();
    return this.#then(work);
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
    const here = this.places;
    this.selected = this.selected.filter((id) => here.has(id));
    if (this.mark !== null && !here.has(this.mark)) this.mark = null;
    if (this.cursor === null || !here.has(this.cursor)) {
      this.cursor = null;
      this.show(Math.max(0, before));
    }
    if (draft.pages.length === 0) this.selected = [];
    this.onDraft(draft, force);
  }
}
