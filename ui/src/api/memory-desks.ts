// Desks of the counter in memory: pages that land on them, every edit of pages, and its undo.
import type { Reply, Request } from "./client";
import type { DraftView, Finding, Landing, PageView } from "./generated";
import { upright } from "./look";
import { interleaved, laid, mend, placed, shown } from "./memory-capture";
import { caseView, exemption, freshDesk, stepOf, type DeskState } from "./memory-cases";
import { fault } from "./memory-fault";
import { issuesOf, noFields } from "./memory-fields";

/** The desk for single papers. */
export const LOOSE = "loose";

type Command =
  | "draft" | "rotate_pages" | "move_page" | "place_pages" | "interleave_pages" | "mark_blank" | "accept_pages" | "edit_pages" | "mend_pages" | "drop_edit"
  | "delete_pages" | "undo" | "redo" | "set_fields";

export class MemoryDesks {
  readonly all = new Map<string, DeskState>([[LOOSE, freshDesk()]]);
  #next = 1;

  readonly answers: { [C in Command]: (request: Request<C>) => Reply<C> } = {
    draft: ({ desk }) => this.draft(desk),
    rotate_pages: ({ desk, pages, quarter_turns }) => this.#each(desk, pages, (page) => ({ ...page, turns: (((page.turns + quarter_turns) % 4) + 4) % 4 })),
    move_page: ({ desk, page, to }) =>
      this.#edit(desk, (all) => {
        const moved = all.find((one) => one.id === page);
        if (!moved) throw fault("not_found", { what: page });
        const rest = all.filter((one) => one !== moved);
        return [...rest.slice(0, to), moved, ...rest.slice(to)];
      }),
    place_pages: ({ spot, pages }) => {
      const { dossier, papers } = this.desk(spot.desk);
      const paper = [...(dossier?.papers ?? papers), ...(dossier?.results ?? [])].find((one) => one.place === spot.place);
      if (spot.place > 0 && !paper) throw fault("not_found", { what: String(spot.place) });
      const why = paper && exemption(paper);
      if (why) throw fault("paper_exempt", { paper: paper.name, exemption: why });
      if (paper?.record) throw fault("paper_copied", { paper: paper.name });
      return this.#edit(spot.desk, (all) => placed(all, pages, spot.place));
    },
    interleave_pages: ({ desk, pages }) => this.#edit(desk, (all) => interleaved(all, pages)),
    mark_blank: ({ desk, pages, blank }) => this.#each(desk, pages, (page) => ({ ...page, blank })),
    accept_pages: ({ desk, pages, reason }) => this.#each(desk, pages, (page) => ({ ...page, accepted: reason.trim() || null })),
    edit_pages: ({ desk, pages, edit }) =>
      this.#each(desk, pages, (page) => {
        if (page.file.endsWith(".pdf")) throw fault("page_not_editable", { file: page.file, page: "1" });
        return { ...page, edits: [...page.edits, upright(edit, page.turns)] };
      }),
    mend_pages: ({ desk, pages, how }) =>
      this.#each(desk, pages, (page) => {
        const edit = mend(page, how);
        return edit ? { ...page, edits: [...page.edits, edit] } : page;
      }),
    drop_edit: ({ desk, page, edit }) => this.#each(desk, [page], (one) => ({ ...one, edits: one.edits.filter((_, i) => i !== edit) })),
    delete_pages: ({ desk, pages }) => this.#edit(desk, (all) => all.filter((page) => !pages.includes(page.id))),
    undo: ({ desk }) => this.#step(desk, "undo", "redo"),
    redo: ({ desk }) => this.#step(desk, "redo", "undo"),
    set_fields: ({ spot, fields }) => {
      this.desk(spot.desk).fields[spot.place] = fields;
      return this.draft(spot.desk);
    },
  };

  desk(id: string): DeskState {
    const desk = this.all.get(id);
    if (!desk) throw fault("not_found", { what: id });
    return desk;
  }

  /** Opens a desk; answers its id. */
  open(desk: DeskState): string {
    const id = `d${this.#next++}`;
    this.all.set(id, desk);
    return id;
  }

  draft(desk: string): DraftView {
    const state = this.desk(desk);
    const fields = state.fields[0] ?? noFields;
    return {
      desk, case: desk === LOOSE ? null : caseView(state, issuesOf, noFields),
      pages: state.pages.map((page, i) => shown(page, i + 1)),
      findings: [], fields, issues: issuesOf(fields), can_undo: state.undo.length > 0, can_redo: state.redo.length > 0,
      signed_whole: false,
    };
  }

  /** What lies there now can be undone to. */
  remember(desk: string): void {
    const state = this.desk(desk);
    state.undo.push(stepOf(state));
    state.redo = [];
  }

  page(file: string, findings: Finding[] = []): PageView {
    return {
      id: `p${this.#next++}`, file, width_px: 1654, height_px: 2339, dpi: 200, colour: "colour", turns: 0, edits: [], look: "", findings, blank: false,
      accepted: null, saved: true, place: 0,
    };
  }

  /** Lays pages down; answers where the next ones land. */
  land(landing: Landing, came: PageView[]): Landing {
    let next = landing;
    this.#edit(landing.spot.desk, (pages) => {
      const done = laid(pages, landing, came);
      next = done.next;
      return done.pages;
    });
    return next;
  }

  #edit(desk: string, change: (pages: PageView[]) => PageView[]): DraftView {
    const changed = change(this.desk(desk).pages);
    this.remember(desk);
    this.desk(desk).pages = changed;
    return this.draft(desk);
  }

  #each(desk: string, ids: string[], change: (page: PageView) => PageView): DraftView {
    return this.#edit(desk, (all) => all.map((page) => (ids.includes(page.id) ? change(page) : page)));
  }

  #step(desk: string, from: "undo" | "redo", to: "undo" | "redo"): DraftView {
    const state = this.desk(desk);
    const step = state[from].pop();
    if (step) {
      state[to].push(stepOf(state));
      const { procedure, ...laid } = step;
      Object.assign(state, laid, { request: { ...state.request, procedure } });
    }
    return this.draft(desk);
  }
}
