// "Sao chụp và ký": one state after the other, from the press of the button to a verified copy.
import type { Client } from "../../api/client";
import type { CasePaper, CopyView, Finding, Progress, VerifyView } from "../../api/generated";
import type { Desk } from "../desk/desk.svelte";
import type { PaperFields } from "../fields/fields.svelte";
import type { Notices } from "../notices/notices.svelte";
import { asCoreError } from "../../api/client";

export type Signing =
  | { at: "idle" }
  | { at: "running"; progress: Progress | null; canceling: boolean; paper: string }
  | { at: "review"; findings: Finding[]; paper: string }
  | { at: "done"; copy: CopyView; verified: VerifyView | null };

export class SigningStore {
  state = $state<Signing>({ at: "idle" });
  readonly #client: Client;
  readonly #desk: Desk;
  readonly #fields: PaperFields;
  readonly #notices: Notices;

  constructor(client: Client, desk: Desk, fields: PaperFields, notices: Notices) {
    this.#client = client;
    this.#desk = desk;
    this.#fields = fields;
    this.#notices = notices;
  }

  get running(): boolean {
    return this.state.at === "running";
  }

  /** Whether the review shows only what may be accepted. */
  get acceptable(): boolean {
    return this.state.at === "review" && !this.state.findings.some((found) => found.severity === "blocking");
  }

  /** Papers of the dossier shown that have pages and no signature yet. */
  get waiting(): CasePaper[] {
    return (this.#desk.case?.papers ?? []).filter((paper) => paper.state === "to_copy" && paper.pages > 0);
  }

  /** Signs the single paper, or every paper of the dossier that waits, one after the other. It stops
   *  at the first that cannot be signed; what is signed stays signed. `accepted` is for the first. */
  async sign(accepted = false): Promise<void> {
    if (this.running || this.#desk.importing) return;
    this.state = { at: "running", progress: null, canceling: false, paper: "" };
    this.#notices.clearGuidance();
    if (!(await this.#fields.flush())) {
      this.state = { at: "idle" };
      return;
    }
    const desk = this.#desk.id;
    const papers = this.#desk.case === null ? [{ place: 0, name: "" }] : this.waiting;
    let copy: CopyView | null = null;
    let accept_findings = accepted;
    for (const paper of papers) {
      this.state = { at: "running", progress: null, canceling: false, paper: paper.name };
      try {
        copy = await this.#client.call("digitize", { spot: { desk, place: paper.place }, accept_findings });
      } catch (thrown) {
        await this.#desk.read();
        this.#refused(thrown, paper.name);
        return;
      }
      accept_findings = false;
    }
    await this.#desk.read(true);
    if (copy === null || this.#desk.case !== null) {
      this.state = { at: "idle" };
      return;
    }
    this.state = { at: "done", copy, verified: null };
    await this.#verify(copy);
  }

  progress(progress: Progress): void {
    if (this.state.at === "running") this.state.progress = progress;
  }

  async cancel(): Promise<void> {
    if (this.state.at !== "running" || this.state.canceling) return;
    this.state.canceling = true;
    try {
      await this.#client.call("cancel", null);
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  /** Closes a review or a result. */
  dismiss(): void {
    if (!this.running) this.state = { at: "idle" };
  }

  #refused(thrown: unknown, paper: string): void {
    const error = asCoreError(thrown);
    this.state = { at: "idle" };
    if (error.kind === "findings" && error.findings.length > 0) {
      this.state = { at: "review", findings: error.findings.filter((found) => found.severity !== "notice"), paper };
      return;
    }
    if (error.kind === "field_issues") this.#fields.refuse(error.issues);
    this.#notices.report(error);
  }

  // The verdict shown is one read from the disk now, not the memory of having signed.
  async #verify(copy: CopyView): Promise<void> {
    try {
      const verified = await this.#client.call("verify_copy", { record: copy.record });
      if (this.state.at === "done" && this.state.copy.record === copy.record) this.state.verified = verified;
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }
}
