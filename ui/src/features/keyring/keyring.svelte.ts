// Keys, certificates, tokens and the office's authority: what is shown, which form is open, and how the
// last attempt went. PINs and pass phrases pass through and are kept nowhere.
import { asCoreError, type Client, type Name, type Reply, type Request } from "../../api/client";
import type { AuthorityInfo, ClerkView, CoreError, KeyFormat, OfferedTrust, RequestView, Role, SignerChoice, TokenInfo, TokensView, Tries, TrustView, RevocationReason, WrittenRequest } from "../../api/generated";
import type { Texts } from "../../texts/vi";
import type { Notices } from "../notices/notices.svelte";
import type { Session } from "../session/session.svelte";

/** What the list at left offers: a row of a clerk or of the agency, or one of these. */
export type Entry = number | "add" | "agency" | "tokens" | "authority" | "trust";
/** What can be done with a key or a certificate; the form that is open. */
export type Deed = keyof Texts["keyring"]["do"];
/** What is told once it is done. */
type Told = keyof Texts["keyring"]["done"];
type Done = Name & Told;
/** What is read by itself: where one part fails, the others stand. */
export type Part = "clerks" | "authority" | "trust" | "tokens";

/** So many characters a PIN and the pass phrase of a file have at least, as the core has it. */
export const MIN_PIN = 4;
export const MIN_PASSPHRASE = 8;

/** They pick a file by a dialog of the shell; null = the clerk closed it. */
const BY_DIALOG = new Set<Name>([
  "export_key", "import_key", "request_certificate", "install_certificate", "issue_certificate", "renew_certificate", "revocation_list",
  "register_agency",
]);

/** A new clerk, the office's authority, the token whose certificate is the agency's. */
const noDraft = (): { name: string; roles: Role[]; office: string; officeDays: string; token: string } => ({ name: "", roles: [], office: "", officeDays: "3650", token: "" });

type Typed = { days: string; format: KeyFormat; roles: Role[] | null; why: RevocationReason | "" };
/** A list of revoked ones is made again each month. No reason to revoke is chosen beforehand: some make doubtful whatever the key signed. */
const nothing = (form: Deed | null): Typed => ({ days: form === "list" ? "30" : "730", format: "pkcs12", roles: null, why: "" });

export class Keyring {
  /** Chosen in the list; null = the row of whoever opened the counter. */
  entry = $state<Entry | null>(null);
  form = $state<Deed | null>(null);
  /** Serial number of the certificate that is renewed or revoked. */
  serial = $state("");
  /** The office's own; null = there is none, `undefined` = that is not known. */
  authority = $state<AuthorityInfo | null | undefined>();
  /** Whom this counter trusts. */
  trust = $state.raw<TrustView | null>(null);
  /** Why a part could not be read the last time; shown in its place. */
  unread = $state<Partial<Record<Part, CoreError>>>({});
  /** Who asks for a certificate: looked at before one is issued. */
  request = $state.raw<RequestView | null>(null);
  /** Whom a file would have this counter trust: looked at before it is added. */
  offered = $state.raw<OfferedTrust | null>(null);
  /** The file that shall be trusted no more. */
  dropped = $state("");
  tokens = $state<TokensView | null>(null);
  looking = $state(false);
  busy = $state(false);
  /** The form of the last attempt, and the answer to it, shown there. */
  tried = $state("");
  refused = $state<CoreError | null>(null);
  /** What was done last, the name of the file it wrote, and the SHA-256 of a request, to be compared. */
  done = $state<{ what: Told; file: string; sha256: string } | null>(null);
  /** Typed where no form is opened for it; it outlives going elsewhere and back. The PIN does not. */
  draft = $state(noDraft());
  /** Typed in the form that is open; likewise. */
  typed = $state(nothing(null));
  readonly agency = $derived.by(() => this.#session.clerks.find((one) => one.agency && !one.left && !one.on_token));
  readonly chosen = $derived.by<Exclude<Entry, number> | ClerkView | null>(() => {
    const entry = this.entry ?? this.#session.status?.clerk_id ?? 0;
    if (entry === "agency") return this.agency ?? entry;
    if (typeof entry !== "number") return entry;
    return this.#session.clerks.find((one) => one.clerk === entry) ?? null;
  });
  readonly #client: Client;
  readonly #session: Session;
  readonly #notices: Notices;

  constructor(client: Client, session: Session, notices: Notices) {
    this.#client = client;
    this.#session = session;
    this.#notices = notices;
  }

  async read(): Promise<void> {
    await Promise.all([
      this.#part("clerks", this.#session.readClerks()),
      this.#part("authority", this.#client.call("authority", null)).then((read) => (this.authority = read)),
      this.#part("trust", this.#client.call("trust_list", null)).then((read) => (this.trust = read ?? null)),
    ]);
  }

  /** One part as it was read; `undefined` when it could not be, and why is kept for its place. */
  async #part<T>(part: Part, reading: Promise<T>): Promise<T | undefined> {
    try {
      const read = await reading;
      delete this.unread[part];
      return read;
    } catch (thrown) {
      this.unread[part] = asCoreError(thrown);
      return undefined;
    }
  }

  /** The place is opened: tokens may have been plugged in since. */
  enter(): void {
    void this.read();
    void this.look();
  }

  /** Somebody else sits here now. */
  leave(): void {
    this.draft = noDraft();
    this.choose(null);
  }

  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    this.tokens = (await this.#part("tokens", this.#client.call("tokens", null))) ?? null;
    this.looking = false;
  }

  /** Looks without being asked to; what cannot be told now stays as it was. */
  async glance(): Promise<void> {
    if (this.looking) return;
    const found = await this.#client.call("tokens", null).catch(() => null);
    if (!found) return;
    this.tokens = found;
    delete this.unread.tokens;
  }

  choose(entry: Entry | null): void {
    this.#notices.clear();
    this.entry = entry;
    this.done = null;
    this.closeForm();
  }

  open(form: Deed, serial = ""): void {
    this.#notices.clear();
    const again = this.form === form && this.serial === serial;
    this.closeForm();
    this.done = null;
    if (again) return;
    this.form = form;
    this.serial = serial;
    this.typed = nothing(form);
  }

  closeForm(): void {
    this.form = null;
    this.serial = "";
    this.request = null;
    this.offered = null;
    this.dropped = "";
    this.refused = null;
    this.typed = nothing(null);
  }

  /** Picks the file of a request and shows who asks; nothing is issued yet. */
  async readRequest(): Promise<void> {
    const request = await this.#picked("read_request");
    if (request) [this.form, this.request] = ["issue", request];
  }

  /** Picks a file and shows whom it would have this counter trust; nothing is added yet. */
  async readTrust(): Promise<void> {
    const offered = await this.#picked("read_trust");
    if (offered) this.offered = offered;
  }

  drop(file: string): void {
    this.closeForm();
    this.done = null;
    this.dropped = file;
  }

  async #picked<C extends "read_request" | "read_trust">(what: C): Promise<Reply<C> | null> {
    if (this.busy) return null;
    this.busy = true;
    this.#notices.clear();
    try {
      const reply = await this.#client.call(what, null as Request<C>);
      if (reply === null) return null; // The dialog was closed; what is shown stays.
      this.closeForm();
      this.done = null;
      return reply;
    } catch (thrown) {
      this.#notices.report(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Asks the core for one thing; true when it was done. `told`: where one command does several things. */
  async do<C extends Done>(what: C, request: Request<C>, told: Told = what): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.#notices.clear();
    this.refused = null;
    this.done = null;
    try {
      const reply: Reply<Name> = await this.#client.call(what, request);
      if (reply === null && BY_DIALOG.has(what)) return false;
      this.closeForm();
      const { file = "", sha256 = "" } = typeof reply === "string" ? { file: reply } : isWritten(reply) ? reply : {};
      this.done = { what: told, file, sha256 };
      return true;
    } catch (thrown) {
      this.refused = asCoreError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Adds a clerk and shows the new row. */
  async add(wish: Request<"add_clerk">): Promise<void> {
    if (!(await this.do("add_clerk", wish))) return;
    Object.assign(this.draft, { name: "", roles: [] });
    await this.read();
    this.entry = Math.max(...this.#session.clerks.map((one) => one.clerk));
  }
}

const isWritten = (reply: Reply<Name>): reply is WrittenRequest => typeof reply === "object" && reply !== null && "sha256" in reply && "file" in reply;

type OnToken = { choice: SignerChoice; label: string; tries: Tries; key: TokenInfo["keys"][number] };

/** The keys on tokens, each as it is chosen: by the token's serial number, or its label where several have that number. */
export function keysOn({ tokens }: TokensView): OnToken[] {
  const named = ({ serial, label }: TokenInfo): string => (tokens.filter((one) => one.serial === serial).length > 1 ? label : serial);
  return tokens.flatMap((token) => token.keys.map((key) => ({ choice: { token: named(token), key: key.id }, label: token.label, tries: token.tries, key })));
}
