// "Sao chụp và ký": one state after the other, from the press of the button to a verified copy.
import type { Client } from "../../api/client";
import type { CopyView, Finding, Progress, VerifyView } from "../../api/generated";
import type { Desk } from "../desk/desk.svelte";
import type { PaperFields } from "../fields/fields.svelte";
import type { Notices } from "../notices/notices.svelte";
import { asCoreError } from "../../api/client";

export type Signing =
  | { at: "idle" }
  | { at: "running"; progress: Progress | null; canceling: boolean }
  | { at: "review"; findings: Finding[] }
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

  async sign(accepted = false): Promise<void> {
    if (this.running || this.#desk.importing) return;
    this.state = { at: "running", progress: null, canceling: false };
    this.#notices.clearGuidance();
    if (!(await this.#fields.flush())) {
      this.state = { at: "idle" };
      return;
    }
    let copy: CopyView;
    try {
      copy = await this.#client.call("digitize", { accept_findings: accepted });
    } catch (thrown) {
      this.#refused(thrown);
      return;
    }
    await this.#desk.read(true);
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

  #refused(thrown: unknown): void {
    const error = asCoreError(thrown);
    this.state = { at: "idle" };
    if (error.kind === "findings" && error.findings.length > 0) {
      this.state = { at: "review", findings: error.findings.filter((found) => found.severity !== "notice") };
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
