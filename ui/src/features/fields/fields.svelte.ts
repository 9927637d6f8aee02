// What the clerk types about the paper. It is sent to the core a moment after typing, and what the
// core answers never replaces what stands in the form while the clerk is in it: only its issues do.
import type { Client } from "../../api/client";
import type { DraftView, FieldIssue, Fields, PaperType, Spot } from "../../api/generated";
import { day, fold, typedDay } from "../../texts/format";
import type { Notices } from "../notices/notices.svelte";

/** A field of a paper. */
export type PaperField = keyof Fields;

const EMPTY: Fields = {
  owner: "", paper_type: "", name: "", number: "", issued: "", issuer: "", abstract_text: "", valid_until: "",
  permanent: false,
};
const PAUSE_MS = 300;

/** As the form shows it: days as dd/MM/yyyy. */
const shown = (fields: Fields): Fields => ({
  ...fields, issued: day(fields.issued), valid_until: day(fields.valid_until),
});
/** As the core takes it: days as yyyy-mm-dd. */
const sent = (fields: Fields): Fields => ({
  ...fields, issued: typedDay(fields.issued), valid_until: typedDay(fields.valid_until),
});

export class PaperFields {
  /** As typed. */
  typed = $state<Fields>({ ...EMPTY });
  issues = $state<FieldIssue[]>([]);
  types = $state<PaperType[]>([]);
  focused = $state<PaperField | null>(null);
  /** The clerk tried to sign: what is missing is now worth saying. */
  attempted = $state(false);
  saving = $state(false);
  /** Counts up when the form should put the cursor on the first field in need. */
  summons = $state(0);
  unsaved = $state(false);
  /** The paper these are the fields of. */
  spot: Spot = { desk: "loose", place: 0 };

  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<boolean> = Promise.resolve(true);
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  async readTypes(): Promise<void> {
    try {
      const all = await this.#client.call("paper_types", null);
      this.types = [...new Map(all.map((type) => [type.code, type])).values()];
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  /** A draft from the core. It fills the form only when the clerk is not in it, or when forced. */
  adopt(draft: DraftView, force: boolean): void {
    const paper = draft.case?.papers.find((one) => one.place === this.spot.place);
    if (draft.desk !== this.spot.desk) return;
    this.issues = paper ? paper.field_issues : draft.issues;
    if (force) this.reset();
    if (force || (this.focused === null && !this.unsaved && !this.saving)) {
      this.typed = shown(paper ? paper.fields : draft.fields);
    }
  }

  set<F extends PaperField>(field: F, value: Fields[F]): void {
    if (this.typed[field] === value) return;
    this.typed[field] = value;
    this.unsaved = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** The clerk chose a type: its code is taken, and its name unless the clerk wrote another. */
  pick(type: PaperType): void {
    this.set("paper_type", type.code);
    const written = this.typed.name.trim();
    if (written === "" || this.types.some((one) => one.name === written)) this.set("name", type.name);
  }

  suggestions(text: string): PaperType[] {
    const sought = fold(text.trim());
    return this.types.filter((type) => fold(`${type.code} ${type.name}`).includes(sought));
  }

  leave(field: PaperField): void {
    if (this.focused === field) this.focused = null;
    if (field === "paper_type") {
      const code = this.typed.paper_type.trim().toUpperCase();
      const type = this.types.find((one) => one.code.toUpperCase() === code);
      if (type) this.pick(type);
    }
    if (field === "issued" || field === "valid_until") this.typed[field] = day(typedDay(this.typed[field]));
    void this.flush();
  }

  /** Sends what is not sent yet. False when the core could not take it; what was typed stays. */
  flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#sending = this.#sending.then(() => this.#send());
    return this.#sending;
  }

  async #send(): Promise<boolean> {
    if (!this.unsaved) return true;
    this.unsaved = false;
    this.saving = true;
    try {
      const { spot } = this;
      const draft = await this.#client.call("set_fields", { spot, fields: sent({ ...this.typed }) });
      const paper = draft.case?.papers.find((one) => one.place === spot.place);
      this.issues = paper ? paper.field_issues : draft.issues;
      return true;
    } catch (thrown) {
      this.unsaved = true;
      this.#notices.report(thrown);
      return false;
    } finally {
      this.saving = false;
    }
  }

  /** The core refused to sign because of these. */
  refuse(issues: FieldIssue[]): void {
    const named = (one: FieldIssue): boolean => issues.some((other) => other.field === one.field);
    this.issues = [...issues, ...this.issues.filter((one) => !named(one))];
    this.attempted = true;
    this.summons += 1;
  }

  /** What to say beside a field: a half-typed value is not judged, an untouched one not scolded. */
  issueOf(field: PaperField): FieldIssue | null {
    const issue = this.issues.find((one) => one.field === field);
    if (!issue) return null;
    if (issue.kind === "required" && !this.attempted) return null;
    return this.focused === field && !this.attempted ? null : issue;
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.unsaved = false;
    this.attempted = false;
  }
}
