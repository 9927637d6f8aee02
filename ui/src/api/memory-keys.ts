// Clerks, keys, certificates and the authority of the counter in memory: the core's answers and
// refusals, without any key. A PIN is tried on the key it is for, and on no other.
import type {
  AuthorityInfo, ClerkView, ErrorKind, IssuedLine, KeyView, OpenKey, RequestView, Role, StatusView, Tag, TokensView, Tries, TrustView,
} from "./generated";
import type { CoreFault, Reply, Request } from "./client";

/** What the keys need of the counter. */
export type Counter = {
  fault(kind: ErrorKind, params?: Record<string, string>): CoreFault;
  status(): StatusView;
  stale(...tags: Tag[]): void;
};

export type KeyCommand =
  | "clerks" | "register_agency" | "read_request" | "trust_list" | "read_trust" | "add_trust" | "remove_trust" | "add_clerk" | "change_clerk" | "add_agency_key" | "change_pin" | "export_key" | "import_key" | "new_key" | "request_certificate"
  | "install_certificate" | "tokens" | "authority" | "make_authority" | "issue_certificate" | "certify" | "renew_certificate"
  | "revoke_certificate" | "revocation_list";
type Answers = { [C in KeyCommand]: (request: Request<C>) => Reply<C> };
type Member = ClerkView & { pin: string };

const NOW = Date.parse("2026-11-24T09:41:07+07:00");
const DAY = 24 * 3600 * 1000;
/** So many days hold certificates that clerks sign themselves. */
const OWN_DAYS = 1095;
/** The core warns from so many days on. */
const SOON = 60;

const at = (days: number): string => `${new Date(NOW + days * DAY + 7 * 3600 * 1000).toISOString().slice(0, 19)}+07:00`;

export const noTokens: TokensView = { tokens: [], problems: [], modules: 0 };

/** A token of somebody, plugged in. */
export const tokenOf = (name: string, tries: Tries = "all"): TokensView => ({
  modules: 1, problems: [],
  tokens: SAMPLE_TOKENS.tokens.slice(0, 1).map((token) => ({ ...token, tries, keys: token.keys.map((key) => ({ ...key, name })) })),
});

/** Two tokens, one with a wrong PIN behind it, and a module that died. */
export const SAMPLE_TOKENS: TokensView = {
  modules: 2,
  tokens: [
    {
      label: "BCY-Hoa", serial: "0045A2", model: "eToken 5110", manufacturer: "SafeNet", tries: "few",
      keys: [{
        id: "01", name: "Phạm Thị Hoa", subject: "CN=Phạm Thị Hoa,O=UBND xã Thử Nghiệm", issuer: "CN=Cơ quan chứng thực số chuyên dùng Chính phủ (RootCA),O=Ban Cơ yếu Chính phủ",
        serial: "61aa02", algorithm: "rsa", valid_until: "2027-03-31T23:59:59+07:00", usable: true, revoked: false,
      }],
    },
    {
      label: "BCY-UBND", serial: "0051F7", model: "Digital DNA Key", manufacturer: "Bit4id", tries: "last",
      keys: [{
        id: "02", name: "UBND xã Thử Nghiệm", subject: "CN=UBND xã Thử Nghiệm", issuer: "CN=Cơ quan chứng thực số chuyên dùng Chính phủ G2", serial: "61aa03", algorithm: "rsa",
        valid_until: "2026-10-31T23:59:59+07:00", usable: false, revoked: false,
      }],
    },
  ],
  problems: [{ module: "libeTPkcs11.so", problem: "crashed" }],
};

/** A list of the province that is overdue and the one it replaced, an authority from a file, and a list of revoked ones. */
export const SAMPLE_TRUST: TrustView = {
  lists: [
    { file: "tinh-cu.toml", issuer: "UBND tỉnh Thử Nghiệm", number: "07/DS", effective_from: "2024-07-01", next_update: "2025-12-31", findings: ["superseded", "overdue"] },
    { file: "tinh.toml", issuer: "UBND tỉnh Thử Nghiệm", number: "01/DS", effective_from: "2026-01-01", next_update: "2026-06-30", findings: ["overdue"] },
  ],
  authorities: [
    {
      file: "tinh.toml", name: "CA chuyên dùng Chính phủ", subject: "CN=Cơ quan chứng thực số chuyên dùng Chính phủ (RootCA),O=Ban Cơ yếu Chính phủ", fingerprint: "3c5e9a0b7d1f2e48".repeat(4), kind: "certificates",
      from: "2020-01-01", until: "2027-12-31", certificate_until: "2030-06-30", source: "QĐ 12/QĐ-UBND",
    },
    {
      file: "tinh.toml", name: "Dịch vụ dấu thời gian của tỉnh", subject: "CN=TSA tỉnh Thử Nghiệm,O=UBND tỉnh Thử Nghiệm", fingerprint: "a41d6c7be0925f38".repeat(4), kind: "time_stamps",
      from: "2021-01-10", until: "2027-01-10", certificate_until: "2027-03-31", source: "QĐ 12/QĐ-UBND",
    },
    { file: "tsa.crt", name: "TSA Ban Cơ yếu", subject: "CN=TSA Ban Cơ yếu,O=Ban Cơ yếu Chính phủ", fingerprint: "90be4f21c7d8a365".repeat(4), kind: "everything", from: null, until: null, certificate_until: "2026-12-20", source: "" },
  ],
  revocations: [
    { file: "thu-hoi.crl", own: false, issuer: "CN=CA UBND xã Thử Nghiệm,O=UBND xã Thử Nghiệm", this_update: "2026-10-20T08:00:00+07:00", next_update: "2026-11-19T08:00:00+07:00", overdue: true },
  ],
};

export class MemoryKeys {
  readonly members: Member[] = [];
  office: AuthorityInfo | null = null;
  tokens: TokensView = noTokens;
  trust: TrustView = { lists: [], authorities: [], revocations: [] };
  /** What lies in the file of a request. */
  request: RequestView = {
    file: "cuong.csr", name: "Lê Văn Cường", unit: "UBND xã Thử Nghiệm", subject: "CN=Lê Văn Cường,OU=Khóa ký cục bộ,O=UBND xã Thử Nghiệm,C=VN",
    algorithm: "ed25519", fingerprint: "7be1c0a94d5f2e8390b2aa17c64e0d3851fe7c2296d8b34f0a6ec1577d3984be",
  };
  /** The clerk closes every dialog of files. */
  dialogsClosed = false;
  #officePin = "";
  #serial = 0x4f2a;
  readonly #counter: Counter;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  /** What the state of the counter says of the open clerk; of the first one while none is. */
  standing({ clerk_id, unlocked, roles }: StatusView): Partial<StatusView> {
    const member = this.members.find((one) => (unlocked ? one.clerk === clerk_id : !one.agency && !one.left));
    if (!member) return {};
    const { valid_until, days_left } = member.key;
    return { clerk: member.name, clerk_id: member.clerk, roles: unlocked ? roles : [], key_valid_until: valid_until.slice(0, 10), key_days_left: days_left };
  }

  add(name: string, roles: Role[], pin: string, agency = false): Member {
    const member: Member = { clerk: this.members.length + 1, name, agency, on_token: false, roles, left: false, pin, key: this.#key(name, OWN_DAYS) };
    this.members.push(member);
    return member;
  }

  /** A certificate that still holds for so many days. */
  certificate(clerk: number, days: number, issuer?: string): KeyView {
    const member = this.#member(clerk);
    member.key = this.#key(member.name, days, issuer);
    return member.key;
  }

  /** Opens a clerk's key; without a row that of the only clerk. */
  unlock(clerk: number | null, pin: string): Pick<StatusView, "clerk" | "clerk_id" | "roles"> {
    const [only, ...others] = this.members.filter((one) => !one.agency && !one.left);
    if (clerk === null && (!only || others.length > 0)) {
      throw this.#counter.fault("clerk_unknown", { names: [only, ...others].map((one) => one?.name ?? "").join(", ") });
    }
    const member = this.#opened({ clerk: clerk ?? only?.clerk ?? 0, pin });
    return { clerk: member.name, clerk_id: member.clerk, roles: member.roles };
  }

  /** Its certificate is on a list of revoked ones. */
  revoke(clerk: number): void {
    this.#member(clerk).key.findings.unshift("revoked");
    this.#changed();
  }

  pinOf(clerk: number): string {
    return this.#member(clerk).pin;
  }

  /** Whoever opened the counter. */
  get opener(): Member {
    return this.#member(this.#counter.status().clerk_id);
  }

  get agency(): Member | undefined {
    return this.members.find((one) => one.agency && !one.left);
  }

  /** Refuses unless whoever opened the counter has one of these roles. */
  needs(...roles: [Role, ...Role[]]): void {
    const { roles: has, unlocked } = this.#counter.status();
    if (!unlocked) throw this.#counter.fault("locked");
    if (!roles.some((role) => has.includes(role))) throw this.#counter.fault("role_missing", { role: roles[0] });
  }

  readonly answers: Answers = {
    clerks: () => this.members.map(({ pin: _, ...member }) => member),
    add_clerk: ({ name, roles, pin }) => {
      this.needs("administrator");
      const tidy = name.trim().split(/\s+/).join(" ");
      if (tidy === "") throw this.#counter.fault("bad_name", { value: name });
      if (roles.length === 0) throw this.#counter.fault("bad_roles");
      this.#longEnough(pin);
      if (this.members.some((one) => !one.left && !one.agency && one.name.toLowerCase() === tidy.toLowerCase())) throw this.#counter.fault("clerk_known", { name: tidy });
      this.add(tidy, roles, pin);
      this.#changed();
      return null;
    },
    change_clerk: ({ clerk, roles, left }) => {
      this.needs("administrator");
      const member = this.#member(clerk);
      if (!member.agency && roles.length === 0) throw this.#counter.fault("bad_roles");
      const stays = !left && roles.includes("administrator");
      const manages = (one: Member): boolean => one !== member && !one.left && one.roles.includes("administrator");
      if (!stays && !this.members.some(manages)) throw this.#counter.fault("last_administrator");
      Object.assign(member, { roles: member.agency ? [] : roles, left });
      // An open key goes on with no roles it had before.
      const status = this.#counter.status();
      if (member.clerk === status.clerk_id) status.unlocked = false;
      this.#changed();
      return null;
    },
    add_agency_key: ({ pin }) => {
      this.needs("administrator");
      this.#longEnough(pin);
      const name = this.#counter.status().office_name;
      if (this.members.some((one) => one.agency && !one.left)) throw this.#counter.fault("clerk_known", { name });
      this.add(name, [], pin, true);
      this.#changed();
      return null;
    },
    change_pin: (wish) => {
      if (this.#member(wish.clerk).agency) this.needs("signer", "head");
      const member = this.#opened(wish);
      this.#longEnough(wish.new);
      member.pin = wish.new;
      this.#changed();
      return null;
    },
    export_key: (wish) => {
      if (wish.passphrase.length < 8) throw this.#counter.fault("passphrase_too_short", { min: "8" });
      this.#opened(wish);
      return this.#file(wish.format === "pkcs12" ? "khoa.p12" : "khoa.pem");
    },
    import_key: (wish) => {
      const member = this.#opened(wish);
      return this.dialogsClosed ? null : this.#installed(member.clerk, OWN_DAYS);
    },
    new_key: (wish) => this.#installed(this.#opened(wish).clerk, OWN_DAYS),
    request_certificate: (wish) => {
      this.#opened(wish);
      return this.dialogsClosed ? null : { file: "yeu-cau.csr", sha256: this.request.fingerprint };
    },
    install_certificate: ({ clerk }) => {
      if (clerk !== this.#counter.status().clerk_id) this.needs("administrator");
      return this.dialogsClosed ? null : this.#installed(clerk, 730, "CN=CA Ban Cơ yếu Chính phủ");
    },
    register_agency: ({ token }) => {
      this.needs("administrator");
      if (token === null && this.dialogsClosed) return null;
      const member = this.add(this.#counter.status().office_name, [], "", true);
      member.on_token = true;
      return this.#installed(member.clerk, 730, "CN=CA Ban Cơ yếu Chính phủ");
    },
    tokens: () => this.tokens,
    authority: () => this.office,
    make_authority: ({ name, pin, days }) => {
      this.needs("administrator");
      if (this.office) throw this.#counter.fault("ca_ready", { path: "ca" });
      if (name.trim() === "") throw this.#counter.fault("bad_name", { value: name });
      this.#longEnough(pin);
      this.#officePin = pin;
      this.office = { subject: `CN=${name.trim()},O=${this.#counter.status().office_name}`, valid_until: at(days), issued: [] };
      this.#counter.stale("keys");
      return this.office;
    },
    read_request: () => {
      this.needs("administrator");
      return this.dialogsClosed ? null : this.request;
    },
    issue_certificate: ({ pin, days, fingerprint }) => {
      this.#authority(pin);
      if (fingerprint !== this.request.fingerprint) throw this.#counter.fault("request_changed", { file: this.request.file });
      return this.dialogsClosed ? null : (this.#issue(this.request.subject, days), "chung-thu.pem");
    },
    certify: ({ authority_pin, days, ...key }) => {
      const office = this.#authority(authority_pin);
      const member = this.#opened(key);
      const { serial } = this.#issue(this.#subject(member.name), days);
      return Object.assign(this.#installed(member.clerk, days, office.subject), { serial });
    },
    renew_certificate: ({ pin, serial, days }) => {
      const before = this.#issued(pin, serial);
      return this.dialogsClosed ? null : (this.#issue(before.subject, days), "chung-thu.pem");
    },
    revoke_certificate: ({ pin, serial, why }) => {
      const line = Object.assign(this.#issued(pin, serial), { revoked_at: at(0), why });
      for (const { key } of this.members) if (key.serial === serial) key.findings.unshift("revoked");
      this.#counter.stale("keys");
      return line;
    },
    revocation_list: ({ pin }) => {
      this.#authority(pin);
      return this.#file("thu-hoi.crl");
    },
    trust_list: () => this.trust,
    read_trust: () => {
      this.needs("administrator");
      return this.dialogsClosed ? null : { file: "tinh.toml", sha256: "7be1c0a94d5f2e83".repeat(4), trust: SAMPLE_TRUST };
    },
    add_trust: () => {
      this.needs("administrator");
      this.trust = SAMPLE_TRUST;
      this.#changed();
      return this.trust;
    },
    remove_trust: ({ file }) => {
      this.needs("administrator");
      this.trust = { ...this.trust, lists: this.trust.lists.filter((one) => one.file !== file), authorities: this.trust.authorities.filter((one) => one.file !== file), revocations: this.trust.revocations.filter((one) => one.file !== file) };
      this.#changed();
      return this.trust;
    },
  };

  #file(name: string): string | null {
    return this.dialogsClosed ? null : name;
  }

  #subject(name: string): string {
    return `CN=${name},O=${this.#counter.status().office_name}`;
  }

  #key(name: string, days_left: number, issuer?: string): KeyView {
    const serial = (this.#serial++).toString(16).padStart(32, "0");
    return {
      clerk: name, algorithm: "ed25519", subject: this.#subject(name), issuer: issuer ?? this.#subject(name), serial, fingerprint: `9f2c4e7ab1d0${serial.slice(-4)}`.repeat(4),
      valid_from: at(Math.min(days_left, 0) - 1), valid_until: at(days_left), days_left, self_signed: issuer === undefined, issuers: issuer === undefined ? 0 : 1,
      findings: days_left < 0 ? ["expired"] : days_left < SOON ? ["expires_soon"] : [],
    };
  }

  #member(clerk: number): Member {
    const member = this.members.find((one) => one.clerk === clerk);
    if (!member) throw this.#counter.fault("not_found", { what: String(clerk) });
    return member;
  }

  #opened({ clerk, pin }: OpenKey): Member {
    const member = this.#member(clerk);
    if (member.left) throw this.#counter.fault("clerk_left", { name: member.name });
    if (pin !== member.pin) throw this.#counter.fault("wrong_pin", { whose: member.agency ? "agency" : "own" });
    return member;
  }

  #longEnough(pin: string): void {
    if (pin.length < 4) throw this.#counter.fault("pin_too_short", { min: "4" });
  }

  #installed(clerk: number, days: number, issuer?: string): KeyView {
    const key = this.certificate(clerk, days, issuer);
    this.#changed();
    return key;
  }

  #authority(pin: string): AuthorityInfo {
    this.needs("administrator");
    if (!this.office) throw this.#counter.fault("ca_missing", { path: "ca" });
    if (pin !== this.#officePin) throw this.#counter.fault("wrong_pin", { whose: "authority" });
    return this.office;
  }

  #issue(subject: string, days: number): IssuedLine {
    const line: IssuedLine = {
      serial: (this.#serial++).toString(16).padStart(32, "0"), subject, algorithm: "ed25519", issued_at: at(0), valid_until: at(days), revoked_at: null, why: null,
    };
    this.office?.issued.push(line);
    this.#counter.stale("keys");
    return line;
  }

  /** A certificate of the register that holds. */
  #issued(pin: string, serial: string): IssuedLine {
    const line = this.#authority(pin).issued.find((one) => one.serial === serial);
    const reason = !line ? "not_issued" : line.revoked_at !== null ? "revoked" : null;
    if (!line || reason) throw this.#counter.fault("ca_unknown_certificate", { serial, reason: reason ?? "" });
    return line;
  }

  #changed(): void {
    this.#counter.stale("keys", "outbox", "status");
  }
}
