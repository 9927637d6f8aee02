// The paper on the desk: its pages, the selection, and the clerk's edits. Every edit is a command;
// what the window shows is what the core answered.
import type { Client, PageId } from "../../api/client";
import type { DraftView, Finding, ImportReport, PageView, Progress } from "../../api/generated";
import type { Notices } from "../notices/notices.svelte";

export class Desk {
  draft = $state<DraftView | null>(null);
  /** Selected pages; `cursor` is the one shown large. */
  selected = $state<PageId[]>([]);
  cursor = $state<PageId | null>(null);
  importing = $state(false);
  importProgress = $state<Progress | null>(null);
  refused = $state<Finding[]>([]);
  added = $state<number | null>(null);

  readonly pages = $derived<PageView[]>(this.draft?.pages ?? []);
  readonly place = $derived(this.pages.findIndex((page) => page.id === this.cursor));
  readonly current = $derived<PageView | null>(this.pages[this.place] ?? null);

  /** Called with each draft the core answers with. */
  onDraft: (draft: DraftView, force: boolean) => void = () => {};

  #anchor: PageId | null = null;
  #work: Promise<void> = Promise.resolve();
  #readPending = false;
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Reads the desk again. `force` also replaces what stands in the form. */
  read(force = false): Promise<void> {
    if (this.#readPending && !force) return this.#work;
    this.#readPending = true;
    return this.#then(async () => {
      this.#readPending = false;
      return this.#client.call("draft", null);
    }, force);
  }

  async import(): Promise<void> {
    if (this.importing) return;
    this.importing = true;
    this.added = null;
    try {
      this.landed(await this.#client.call("import_dialog", null));
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

  rotate(quarterTurns: number): Promise<void> {
    return this.#edit((pages) => this.#client.call("rotate_pages", { pages, quarter_turns: quarterTurns }));
  }

  /** Moves the page shown large by one place. */
  move(step: -1 | 1): Promise<void> {
    return this.#edit(() => {
      const to = this.place + step;
      if (this.cursor === null || to < 0 || to >= this.pages.length) return null;
      return this.#client.call("move_page", { page: this.cursor, to });
    });
  }

  remove(): Promise<void> {
    return this.#edit((pages) => this.#client.call("delete_pages", { pages }));
  }

  undo(): Promise<void> {
    return this.#then(async () => (this.draft?.can_undo ? this.#client.call("undo", null) : null));
  }

  redo(): Promise<void> {
    return this.#then(async () => (this.draft?.can_redo ? this.#client.call("redo", null) : null));
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

  #edit(command: (selected: PageId[]) => Promise<DraftView> | null): Promise<void> {
    return this.#then(async () => (this.selected.length > 0 ? command([...this.selected]) : null));
  }

  // One after the other: the second of two quick presses sees what the first one did.
  #then(work: () => Promise<DraftView | null>, force = false): Promise<void> {
    this.#work = this.#work.then(async () => {
      try {
        const draft = await work();
        if (draft) this.#apply(draft, force);
      } catch (thrown) {
        this.#readPending = false;
        this.#notices.report(thrown);
      }
    });
    return this.#work;
  }

  #apply(draft: DraftView, force: boolean): void {
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
