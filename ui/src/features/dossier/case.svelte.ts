// The dossier on the desk shown: what is asked for, its papers, and the way from the greeting to the
// hand-over. What is typed is sent a moment after; what the core answers never replaces it meanwhile.
import type { Client } from "../../api/client";
import type {
  CardView, CopyView, Doubt, DossierView, DraftView, FieldIssue, FieldName, Holder, Party, ProcedureLine, Request, Submission,
} from "../../api/generated";
import { birth, typedBirth } from "../../texts/format";
import type { Desk } from "../desk/desk.svelte";
import type { Notices } from "../notices/notices.svelte";

export const NOBODY: Party = { kind: null, number: "", name: "", birth: "", sex: "", address: "", phone: "", email: "" };
export const NOTHING: Request = {
  procedure: "", channel: "in_person", owner: NOBODY, submitter: null, abstract_text: "", sets: 1, way_of_return: null,
};
const PAUSE_MS = 300;

const party = (one: Party, change: (text: string) => string): Party => ({ ...one, birth: change(one.birth) });
const both = (request: Request, change: (text: string) => string): Request => ({
  ...request, owner: party(request.owner, change), submitter: request.submitter && party(request.submitter, change),
});

export class CaseStore {
  /** As typed; births as dd/MM/yyyy, MM/yyyy or yyyy. */
  typed = $state<Request>(structuredClone(NOTHING));
  sought = $state("");
  /** The clerk is typing a procedure: an answer about the desk does not replace it. */
  #seeking = false;
  procedures = $state<ProcedureLine[]>([]);
  doubts = $state<Doubt[]>([]);
  unsaved = $state(false);
  /** Notes of papers as typed, by place, until the core has them. */
  notes = $state<Record<number, string>>({});
  working = $state(false);
  /** Stored copies of the owner to choose from. */
  reusable = $state<CopyView[] | null>(null);
  /** The hand-over being prepared. */
  forwarding = $state<{ unit: string; holder: Holder | null } | null>(null);
  /** The dossier that was handed over last. */
  handedOver = $state<DossierView | null>(null);
  /** The clerk tried to receive: what is missing is now worth saying. */
  attempted = $state(false);
  #shown = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<boolean> = Promise.resolve(true);
  readonly #client: Client;
  readonly #desk: Desk;
  readonly #notices: Notices;

  constructor(client: Client, desk: Desk, notices: Notices) {
    this.#client = client;
    this.#desk = desk;
    this.#notices = notices;
  }

  get received(): DossierView | null {
    return this.#desk.case?.dossier ?? null;
  }

  adopt(draft: DraftView, force: boolean): void {
    if (draft.case === null) return;
    if (draft.desk !== this.#shown) {
      this.#shown = draft.desk;
      this.doubts = [];
      this.reusable = null;
      this.forwarding = null;
      this.attempted = false;
      this.handedOver = null;
      this.unsaved = false;
      this.notes = {};
    } else if (this.unsaved && !force) return;
    this.typed = both({ ...draft.case.request, sets: Math.max(1, draft.case.request.sets) }, birth);
    if (!this.#seeking || force) this.sought = draft.case.procedure_name;
  }

  async seek(text: string): Promise<void> {
    this.#seeking = text !== "";
    this.sought = text;
    try {
      const found = await this.#client.call("find_procedures", { text });
      if (this.sought === text) this.procedures = found;
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  choose(procedure: string): void {
    this.#seeking = false;
    this.typed.procedure = procedure;
    this.sought = this.procedures.find((one) => one.code === procedure)?.name ?? this.sought;
    this.touch();
    void this.flush();
  }

  /** The clerk left the field of the procedure: it shows the one chosen, or what was typed. */
  leaveProcedure(): void {
    this.#seeking = false;
    const chosen = this.#desk.case?.procedure_name ?? "";
    if (this.typed.procedure !== "" && chosen !== "") this.sought = chosen;
  }

  /** Something was typed. */
  touch(): void {
    this.unsaved = true;
    this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** Sends what is not sent yet. False when the core could not take it; what was typed stays. */
  flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#sending = this.#sending.then(async () => (await this.#send()) && this.#sendNotes());
    return this.#sending;
  }

  async #send(): Promise<boolean> {
    if (!this.unsaved) return true;
    const [desk, request] = [this.#desk.id, both($state.snapshot(this.typed) as Request, typedBirth)];
    this.unsaved = false;
    const taken = await this.#desk.adopt(() => this.#client.call("set_request", { desk, request }));
    if (!taken) this.unsaved = true;
    return taken;
  }

  async #sendNotes(): Promise<boolean> {
    for (const [place, note] of Object.entries($state.snapshot(this.notes))) {
      if (!(await this.#again(Number(place), { note }))) return false;
      if (this.notes[Number(place)] === note) delete this.notes[Number(place)];
    }
    return true;
  }

  /** What a reader typed: fills in the owner; what is odd is shown, nothing is invented. */
  card(text: string): Promise<void> {
    return this.#identify(() => this.#client.call("read_card", { text }));
  }

  /** The card whose picture is the page shown large. */
  async cardOnPage(): Promise<void> {
    const page = this.#desk.cursor;
    if (page !== null) await this.#identify(() => this.#client.call("card_on_page", { page }));
  }

  async #identify(read: () => Promise<CardView>): Promise<void> {
    if (this.received) return;
    let card: CardView;
    try {
      card = await read();
    } catch (thrown) {
      this.#notices.report(thrown);
      return;
    }
    const known = card.birth;
    const two = (n: number): string => String(n).padStart(2, "0");
    this.typed.owner = {
      ...this.typed.owner, kind: "citizen", number: card.number, name: card.name, address: card.address, sex: card.sex ?? "",
      birth:
        known.known === "day" ? birth(known.date)
        : known.known === "month" ? `${two(known.month)}/${known.year}`
        : known.known === "year" ? String(known.year)
        : "",
    };
    this.doubts = card.doubts;
    this.touch();
    await this.flush();
  }

  issueOf(field: FieldName): FieldIssue | null {
    const issue = this.#desk.case?.issues.find((one) => one.field === field) ?? null;
    return issue?.kind === "required" && !this.attempted ? null : issue;
  }

  decide(place: number, submission: Submission | null, record: string | null = null): Promise<boolean> {
    return this.#paper({ place, submission, record, count: null, note: null });
  }

  /** A note is typed: sent a moment after, like everything typed. */
  note(place: number, text: string): void {
    this.notes[place] = text;
    this.#soon();
  }

  count(place: number, count: number): Promise<boolean> {
    return this.#again(place, { count });
  }

  /** What is decided stays; only a note or a count changes. */
  #again(place: number, change: { note?: string; count?: number }): Promise<boolean> {
    const paper = this.#desk.case?.papers.find((one) => one.place === place);
    if (!paper) return Promise.resolve(false);
    const { submission, record } = paper;
    return this.#paper({ place, submission, record, count: change.count ?? null, note: change.note ?? null });
  }

  #paper(paper: { place: number; submission: Submission | null; record: string | null; count: number | null; note: string | null }): Promise<boolean> {
    return this.#desk.adopt(() => this.#client.call("decide_paper", { desk: this.#desk.id, paper }));
  }

  /** The copies this owner has stored: they need not be brought again. */
  async lookUp(): Promise<void> {
    if (this.#desk.paper === 0) return;
    try {
      this.reusable = await this.#client.call("stored_copies", { text: this.typed.owner.number });
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  async reuse(copy: CopyView): Promise<void> {
    this.reusable = null;
    await this.decide(this.#desk.paper, "in_store", copy.record);
  }

  async receive(): Promise<void> {
    if (this.working || this.received) return;
    this.attempted = true;
    if (!(await this.flush())) return;
    this.working = true;
    this.#notices.clearGuidance();
    await this.#desk.adopt(() => this.#client.call("receive_dossier", { desk: this.#desk.id }), true);
    this.working = false;
  }

  prepareForward(): void {
    if (this.received) this.forwarding = { unit: this.received.unit, holder: null };
  }

  async forward(): Promise<void> {
    const wish = this.forwarding;
    if (!wish || this.working) return;
    this.working = true;
    this.#notices.clearGuidance();
    try {
      const made = await this.#client.call("forward_dossier", { desk: this.#desk.id, ...wish });
      this.forwarding = null;
      await this.#desk.switchTo("loose");
      this.handedOver = made;
    } catch (thrown) {
      this.#notices.report(thrown);
    } finally {
      this.working = false;
    }
  }

  async print(form: "receipt" | "supplement" | "refusal" | "control_sheet" | "stored_papers" | "separators", of: string): Promise<void> {
    try {
      await this.#client.call("print_form", { form, of });
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }
}
