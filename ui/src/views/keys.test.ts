// Stories of several clerks on one PC, of their keys and certificates, of tokens and the office's authority.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect, test, vi } from "vitest";
import { fault, type MemoryClient, type MemoryOptions } from "../api/memory";
import type { ErrorKind } from "../api/generated";
import { SAMPLE_TOKENS, SAMPLE_TRUST, tokenOf } from "../api/memory-keys";
import type { Station } from "../station.svelte";
import { keysOn } from "../features/keyring/keyring.svelte";
import { EVERY } from "../features/session/while-seen";
import { words } from "../texts/index.svelte";
import { by, expectAccessible, open, press } from "./at-window";

const input = (id: string): HTMLInputElement => by(id) as HTMLInputElement;
const enabled = (id: string): boolean => !(by(id) as HTMLButtonElement).disabled;
const rows = (): string[] => screen.getAllByTestId("clerk-row").map((row) => row.textContent ?? "");
const tries = (client: MemoryClient, name: string): number => client.calls.filter((call) => call.name === name).length;
const done = (text: string): Promise<void> => waitFor(() => expect(by("key-done").textContent).toContain(text));
const refused = (text: string): Promise<void> => waitFor(() => expect(by("key-refused").textContent).toContain(text));

/** No PIN or pass phrase stands anywhere in the window. */
function expectNoSecrets(...secrets: string[]): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>("input[type='password']")];
  expect(fields.map((field) => field.value).filter((value) => value !== "")).toEqual([]);
  for (const secret of secrets) expect(document.body.outerHTML).not.toContain(secret);
}

async function fill(values: Record<string, string>): Promise<void> {
  for (const [id, value] of Object.entries(values)) await fireEvent.input(input(id), { target: { value } });
}

/** Fills the form and presses Enter. */
async function send(form: string, values: Record<string, string>): Promise<void> {
  await fill(values);
  await fireEvent.submit(by(`form-${form}`));
}

async function unlockWith(pin: string): Promise<void> {
  await fill({ pin });
  await fireEvent.submit(input("pin").form!);
}

async function openKeys(options: MemoryOptions = {}): Promise<{ client: MemoryClient; station: Station }> {
  const opened = await open(options);
  await press("6", true);
  await screen.findByTestId("keyring-list");
  await waitFor(() => by("key-facts"));
  return opened;
}

async function make(days = "3650"): Promise<void> {
  await fireEvent.click(by("authority-row"));
  expect(input("make-days").value, "the days stand there to be read").toBe("3650");
  await send("make", { "make-name": "Chứng thực nội bộ UBND xã Thử Nghiệm", "make-days": days, "make-pin": "9999", "make-pin-again": "9999" });
  await done("Đã lập chứng thực nội bộ");
}

test("two clerks at the gate: one chooses by the arrows, and the PIN opens that key only", async () => {
  const { client, station } = await open({ unlocked: false, second: ["clerk"] });
  await waitFor(() => by("clerk-choice"));
  expect(document.activeElement, "the cursor waits in the PIN").toBe(input("pin"));
  expect(input("clerk-1").checked, "nobody worked here yet: the first one").toBe(true);
  expect(by("training-pin").textContent).toContain("2468");
  await expectAccessible();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown"]) await fireEvent.keyDown(input("pin"), { key });
  expect(input("clerk-2").checked, "up and down choose while the cursor stays in the PIN").toBe(true);
  await fireEvent.click(input("clerk-1"));
  expect(input("clerk-1").checked, "and so does a click, or the arrows of the radio group").toBe(true);
  await fireEvent.click(input("clerk-2"));
  expect(screen.getByLabelText("PIN của Trần Văn Bình")).toBe(input("pin"));
  expect(screen.queryByTestId("training-pin"), "the documented PIN is not the second clerk's").toBeNull();
  await unlockWith("2468");
  await waitFor(() => expect(by("refusal").textContent).toContain("PIN không đúng"));
  expectNoSecrets("2468");
  await unlockWith("1357");
  await waitFor(() => by("import-button"));
  expect(client.calls.filter((call) => call.name === "unlock").map((call) => call.request)).toEqual([{ clerk: 2, pin: "2468" }, { clerk: 2, pin: "1357" }]);
  expect(document.querySelector("header")?.textContent).toContain("Trần Văn Bình");
  await station.lock();
  await waitFor(() => expect(input("clerk-2").checked, "who worked here last is chosen").toBe(true));
});

test("the first clerk has left: the documented PIN is nobody's any more", async () => {
  const { client, station } = await open({ second: ["clerk"] });
  client.keys.members[0]!.left = true;
  await station.lock();
  await screen.findByText("Kính chào Ông/Bà Trần Văn Bình");
  await waitFor(() => expect(station.session.present).toHaveLength(1));
  expect(screen.queryByTestId("training-pin")).toBeNull();
});

test("another PIN opens the training counter: the documented one is told no more", async () => {
  const { station } = await openKeys();
  await fireEvent.click(by("do-pin"));
  await send("change-pin", { "change-pin-pin": "2468", "change-pin-new": "8642", "change-pin-new-again": "8642" });
  await done("Đã đổi PIN");
  await station.lock();
  await screen.findByText("Kính chào Ông/Bà Nguyễn Thị Lan");
  expect(screen.queryByTestId("training-pin")).toBeNull();
});

test("one clerk is greeted, not asked who", async () => {
  await open({ unlocked: false });
  await screen.findByText("Kính chào Ông/Bà Nguyễn Thị Lan");
  await waitFor(() => expect(screen.queryByTestId("clerk-choice")).toBeNull());
});

test("an administrator adds a clerk, who unlocks with a PIN of their own", async () => {
  const { client, station } = await openKeys();
  await fireEvent.click(by("add-clerk"));
  await send("add", { "add-name": "", "add-pin": "4826", "add-pin-again": "4826" });
  expect(by("issue-add-name").textContent).toContain("Hãy điền mục này");
  expect(by("issue-roles").textContent).toContain("ít nhất một vai trò");
  expect(document.activeElement, "the cursor goes to the first that is missing").toBe(input("add-name"));
  await send("add", { "add-name": "Lê Văn Cường", "add-pin": "4826", "add-pin-again": "4826" });
  await waitFor(() => expect(document.activeElement).toBe(input("role-clerk")));
  await expectAccessible();
  await fireEvent.click(input("role-clerk"));
  await send("add", { "add-name": "nguyễn thị lan", "add-pin": "4826", "add-pin-again": "4827" });
  expect(by("issue-add-pin-again").textContent).toContain("không giống nhau");
  expect(tries(client, "add_clerk"), "nothing was asked of the core so far").toBe(0);
  await send("add", { "add-pin": "4826", "add-pin-again": "4826" });
  await refused("đã có ở quầy này");
  expectNoSecrets("4826");
  expect(input("add-name").value, "the name stays").toBe("nguyễn thị lan");
  await send("add", { "add-name": "Lê Văn Cường", "add-pin": "4826", "add-pin-again": "4826" });
  await done("Đã thêm công chức");
  expectNoSecrets("4826");
  await waitFor(() => expect(rows()[1]).toContain("Lê Văn Cường"));
  await station.lock();
  await waitFor(() => by("clerk-choice"));
  await fireEvent.click(input("clerk-2"));
  await unlockWith("4826");
  await waitFor(() => expect(station.session.status?.clerk).toBe("Lê Văn Cường"));
  expect(station.place, "and sees their own key, not what the administrator did").toBe("keys");
  await waitFor(() => expect(by("key-facts").textContent).toContain("UBND xã Thử Nghiệm, Lê Văn Cường"));
  expect(screen.queryByTestId("key-done")).toBeNull();
});

test("a clerk without the role sees what cannot be done, and why", async () => {
  await openKeys({ roles: ["clerk"], second: ["administrator"] });
  expect(enabled("do-pin"), "one's own PIN is one's own").toBe(true);
  expect(enabled("do-install")).toBe(true);
  for (const deed of ["certify", "roles", "leave"]) {
    expect(enabled(`do-${deed}`), deed).toBe(false);
    expect(by(`do-${deed}`).title).toContain("cần vai trò Quản trị");
  }
  expect(by("role-note").textContent).toContain("Việc này cần vai trò Quản trị; Nguyễn Thị Lan không có");
  await expectAccessible();
  for (const entry of ["add-clerk", "agency-row", "authority-row"]) {
    await fireEvent.click(by(entry));
    await waitFor(() => expect(by("role-note").textContent, entry).toContain("Quản trị"));
    expect(document.querySelector("section form"), entry).toBeNull();
  }
  await fireEvent.click(screen.getAllByTestId("clerk-row")[1]!);
  expect(screen.queryByTestId("do-pin"), "another clerk's PIN is not for this one").toBeNull();
  expect(enabled("do-install")).toBe(false);
});

test("what the core says of a missing role is told in three lines", () => {
  const { what, why } = words.error({ kind: "role_missing", params: { role: "administrator" }, findings: [], issues: [], lines: [] });
  expect(`${what} ${why}`).toBe("Người đang mở khóa không được làm việc này. Việc này cần vai trò Quản trị.");
});

test("roles change, the last administrator stays, and a clerk who leaves is asked about once", async () => {
  const { client } = await openKeys({ second: ["clerk"] });
  await fireEvent.click(by("do-roles"));
  await fireEvent.click(input("role-administrator"));
  await send("roles", {});
  await refused("người quản trị cuối cùng");
  expect(input("role-administrator").checked, "what was chosen stays").toBe(false);
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("form-roles")).toBeNull());
  await fireEvent.click(screen.getAllByTestId("clerk-row")[1]!);
  await fireEvent.click(by("do-leave"));
  expect(by("form-leave").textContent).toContain("khóa bị hủy");
  expect((document.activeElement as HTMLElement).textContent, "Enter alone destroys nothing").toContain("Hủy (Esc)");
  await expectAccessible();
  await send("leave", {});
  await waitFor(() => expect(client.keys.members[1]?.left).toBe(true));
  await waitFor(() => expect(rows()[1]).toContain("đã rời quầy"));
  expect(screen.queryByTestId("do-install"), "nothing is left to do with that key").toBeNull();
});

test("whose roles change under an open key is locked out at once, as the form says, and works by the new ones after the PIN", async () => {
  const { station } = await openKeys({ second: ["administrator"] });
  await fireEvent.click(by("do-roles"));
  expect(by("form-roles").textContent).toContain("đang mở thì quầy khóa lại");
  await fireEvent.click(input("role-administrator"));
  await send("roles", {});
  await waitFor(() => by("clerk-choice"));
  await unlockWith("2468");
  await waitFor(() => expect(station.session.phase).toBe("open"));
  expect(station.session.status?.roles).toEqual(["clerk", "signer", "head"]);
});

test("a PIN is changed: a wrong old one is tried once and told, and no PIN stays in the window", async () => {
  const { client, station } = await openKeys();
  by("do-pin").focus();
  await fireEvent.click(by("do-pin"));
  expect(document.activeElement, "the cursor goes to the first field").toBe(input("change-pin-pin"));
  await send("change-pin", { "change-pin-pin": "1111", "change-pin-new": "8642", "change-pin-new-again": "8642" });
  await refused("PIN không đúng");
  expect(tries(client, "change_pin"), "the PIN was tried once").toBe(1);
  expectNoSecrets("1111", "8642");
  expect(document.activeElement).toBe(input("change-pin-pin"));
  await send("change-pin", { "change-pin-pin": "2468", "change-pin-new": "86", "change-pin-new-again": "86" });
  expect(by("issue-change-pin-new").textContent).toContain("ít nhất 4 ký tự");
  expect(screen.queryByTestId("key-refused"), "what was refused before is no longer told").toBeNull();
  await send("change-pin", { "change-pin-new": "2468", "change-pin-new-again": "2468" });
  expect(by("issue-change-pin-new").textContent).toContain("phải khác PIN đang dùng");
  expect(tries(client, "change_pin"), "neither was asked of the core").toBe(1);
  await send("change-pin", { "change-pin-pin": "2468", "change-pin-new": "8642", "change-pin-new-again": "8642" });
  await done("Đã đổi PIN");
  expectNoSecrets("8642");
  expect(JSON.stringify([{ ...localStorage }, station.keyring.done, station.session.status])).not.toContain("8642");
  await station.lock();
  await waitFor(() => by("pin"));
  await unlockWith("8642");
  await waitFor(() => expect(station.session.phase).toBe("open"));
  await screen.findByTestId("keyring-list");
  expect(screen.queryByTestId("key-done"), "what was done is not told again behind the lock").toBeNull();
});

test("a request goes out, a certificate comes in, the key goes out and comes back", async () => {
  const { client } = await openKeys();
  expect(by("key-facts").textContent).toContain("Chưa có nơi nào chứng thực");
  await fireEvent.click(by("do-request"));
  await send("request", { "request-pin": "2468" });
  await done("yeu-cau.csr");
  expect(by("fingerprint").textContent?.trim(), "to be read aloud, as whoever issues sees it").toMatch(/^7be1 c0a9 4d5f 2e83( [0-9a-f]{4}){12}$/);
  expect(by("key-done").textContent).toContain("bấm Cài chứng thư");
  await expectAccessible();
  await fireEvent.click(by("do-install"));
  expect(screen.queryByTestId("key-done"), "old news gives way").toBeNull();
  client.keys.dialogsClosed = true;
  await send("install", {});
  await waitFor(() => expect(tries(client, "install_certificate")).toBe(1));
  expect(by("form-install"), "the dialog was closed: the form waits").toBeTruthy();
  client.keys.dialogsClosed = false;
  await send("install", {});
  await done("Đã cài chứng thư");
  await waitFor(() => expect(by("key-facts").textContent).toContain("Ban Cơ yếu Chính phủ"));
  expect(by("key-facts").textContent).toContain("còn 730 ngày");

  await fireEvent.click(by("do-export"));
  await expectAccessible();
  await fireEvent.change(by("export-format"), { target: { value: "pkcs8" } });
  await send("export", { "export-pin": "2468", "export-passphrase": "q7x", "export-passphrase-again": "q7x" });
  expect(by("issue-export-passphrase").textContent, "told before any dialog opens").toContain("ít nhất 8 ký tự");
  expect(tries(client, "export_key")).toBe(0);
  expect([input("export-pin"), input("export-passphrase"), input("export-passphrase-again")].map((field) => field.value), "the PIN waits for the rest").toEqual(["2468", "", ""]);
  expect(document.activeElement).toBe(input("export-passphrase"));
  await send("export", { "export-passphrase": "một câu dài", "export-passphrase-again": "một câu dài" });
  await done("khoa.pem");
  expectNoSecrets("một câu dài");
  await fireEvent.click(by("do-import"));
  await send("import", { "import-pin": "2468" });
  await done("Đã nhập khóa");
});

test("a part that cannot be read is told of in its place, the others stand, and no authority is offered while none is known of", async () => {
  const { client, station } = await openKeys();
  const broken = fault("bad_trust_list", { file: "tinh.toml", line: "7", reason: "until_before_from" }).error;
  client.failNext.set("trust_list", broken);
  await station.keyring.read();
  await fireEvent.click(by("trust-row"));
  await waitFor(() => expect(by("unread-trust").textContent).toContain("tinh.toml có dòng sai (dòng 7)"));
  expect(by("trust-row").textContent, "not: nobody is trusted").toContain("chưa đọc được");
  expect(screen.queryByTestId("no-trust")).toBeNull();
  await fireEvent.click(by("authority-row"));
  await waitFor(() => by("form-make"));

  for (const name of ["authority", "clerks", "tokens"] as const) client.failNext.set(name, fault("storage", { detail: "thẻ nhớ" }).error);
  await Promise.all([station.keyring.read(), station.keyring.look()]);
  expect(station.keyring.trust, "what can be read again is").toEqual(client.keys.trust);
  await waitFor(() => by("unread-authority"));
  expect(screen.queryByTestId("form-make"), "there may be one already").toBeNull();
  await expectAccessible();
  await fireEvent.click(by("tokens-row"));
  await waitFor(() => by("unread-tokens"));
  await fireEvent.click(by("agency-row"));
  await waitFor(() => by("unread-clerks"));
  expect(screen.queryByTestId("form-agency"), "nor is a key of the agency's").toBeNull();
  await fireEvent.click(screen.getAllByTestId("clerk-row")[0]!);
  expect(by("do-certify").title).toContain("Chưa đọc được chứng thực nội bộ");
  await fireEvent.click(within(by("unread-clerks")).getByText("Thử lại"));
  await waitFor(() => expect(screen.queryByTestId("unread-clerks")).toBeNull());
  expect(by("do-certify").title).toContain("chưa lập");
  expect(screen.queryByTestId("notice"), "nothing is told twice").toBeNull();
});

test("the agency gets a key of its own, whose PIN signers and heads change", async () => {
  const { client } = await openKeys({ roles: ["administrator"], second: ["clerk"] });
  await fireEvent.click(by("agency-row"));
  await send("agency", { "agency-pin": "7777", "agency-pin-again": "7777" });
  await done("Đã tạo khóa của cơ quan");
  await waitFor(() => expect(by("key-facts").textContent).toContain("Cấp cho UBND xã Thử Nghiệm, UBND xã Thử Nghiệm"));
  for (const deed of ["do-pin", "do-export"]) {
    expect(enabled(deed), "an administrator does not sign for the agency: told before any secret is typed").toBe(false);
    expect(by(deed).title).toContain("Người ký");
  }
  expect(enabled("do-install")).toBe(true);
  expect(rows(), "the agency is no clerk").toHaveLength(2);
  await fireEvent.click(by("do-destroy"));
  await send("leave", {});
  await waitFor(() => by("form-agency"));
  expect(client.keys.members.filter((one) => one.agency && !one.left)).toEqual([]);
});

test("the office's authority is made, certifies a key here, issues, renews and revokes", async () => {
  const { client } = await openKeys();
  expect(enabled("do-certify"), "there is no authority yet").toBe(false);
  expect(by("do-certify").title, "and where it is made").toContain("chưa lập chứng thực nội bộ: lập ở mục Chứng thực nội bộ");
  await make();
  expectNoSecrets("9999");
  await waitFor(() => expect(by("authority-row").textContent).toContain("chưa cấp chứng thư nào"));
  await expectAccessible();

  await fireEvent.click(screen.getAllByTestId("clerk-row")[0]!);
  await fireEvent.click(by("do-certify"));
  await send("certify", { "certify-days": "nhiều", "certify-pin": "2468", "certify-authority": "9999" });
  expect(by("issue-certify-days").textContent).toContain("từ 1 đến 99.999");
  await send("certify", { "certify-days": "365" });
  await done("Đã cấp chứng thư nội bộ");
  expect(client.calls.find((call) => call.name === "certify")?.request).toEqual({ clerk: 1, pin: "2468", authority_pin: "9999", days: 365 });
  await waitFor(() => expect(by("key-facts").textContent).toContain("Chứng thực nội bộ UBND xã Thử Nghiệm"));

  await fireEvent.click(by("authority-row"));
  client.keys.dialogsClosed = true;
  await fireEvent.click(by("do-issue"));
  await waitFor(() => expect(tries(client, "read_request")).toBe(1));
  expect(screen.queryByTestId("form-issue"), "no file was chosen").toBeNull();
  client.keys.dialogsClosed = false;
  await fireEvent.click(by("do-issue"));
  const request = (await screen.findByTestId("request")).textContent ?? "";
  for (const fact of ["Lê Văn Cường", "VN, UBND xã Thử Nghiệm, Khóa ký cục bộ, Lê Văn Cường", "Ed25519", "7be1 c0a9 4d5f 2e83"]) expect(request, "who asks is seen before any PIN").toContain(fact);
  expect(by("issue-submit").textContent).toContain("Cấp chứng thư cho Lê Văn Cường");
  expect(tries(client, "issue_certificate")).toBe(0);
  await expectAccessible();
  const seen = client.keys.request;
  client.keys.request = { ...seen, fingerprint: "00".repeat(32) };
  await send("issue", { "issue-pin": "9999" });
  await refused("không còn là yêu cầu vừa xem");
  client.keys.request = seen;
  await send("issue", { "issue-pin": "9999" });
  await done("chung-thu.pem");
  await waitFor(() => expect(screen.getAllByTestId("issued-row")).toHaveLength(2));
  await fireEvent.click(screen.getAllByTestId("do-renew")[1]!);
  await send("renew", { "renew-pin": "9998" });
  await refused("PIN không đúng");
  await send("renew", { "renew-pin": "9999" });
  await waitFor(() => expect(screen.getAllByTestId("issued-row")).toHaveLength(3));

  await fireEvent.click(screen.getAllByTestId("do-revoke")[1]!);
  await expectAccessible();
  await fireEvent.change(by("revoke-why"), { target: { value: "key_compromise" } });
  await send("revoke", { "revoke-pin": "9999" });
  await waitFor(() => expect(screen.getAllByTestId("issued-row")[1]?.textContent).toContain("thu hồi 24/11/2026: lộ khóa hoặc mất thiết bị"));
  expect(within(screen.getAllByTestId("issued-row")[1]!).queryByTestId("do-renew"), "what is revoked is not renewed").toBeNull();
  await fireEvent.click(by("do-list"));
  await send("list", { "list-pin": "9999" });
  await done("thu-hoi.crl");
  expectNoSecrets("9999");
});

test.each([[61, false], [59, true], [0, true], [-3, true]])("a certificate with %i days left warns in the status line: %s", async (daysLeft, warns) => {
  const { station } = await open({ daysLeft });
  const state = await screen.findByTestId("key-state");
  expect(state.querySelector(".alert") !== null).toBe(warns);
  if (warns) expect(state.textContent).toContain({ 59: "Chứng thư còn 59 ngày", 0: "Chứng thư hết hạn hôm nay", [-3]: "Chứng thư đã hết hạn" }[daysLeft]);
  await fireEvent.click(state);
  expect(station.place).toBe("keys");
  await waitFor(() => by("key-facts"));
  expect(screen.queryAllByTestId("key-finding")).toHaveLength(warns ? 1 : 0);
  const mark = screen.getAllByTestId("key-mark")[0]?.textContent;
  expect(mark).toBe({ 61: "● còn 61 ngày", 59: "▲ còn 59 ngày", 0: "▲ hết hạn trong hôm nay", [-3]: "■ đã hết hạn 3 ngày" }[daysLeft]);
});

test("tokens are shown with the tries that are left, before any PIN; looking again finds a new one", async () => {
  const { client } = await openKeys();
  await fireEvent.click(by("tokens-row"));
  expect(by("no-tokens").textContent, "says what to install").toContain("SafeNet Authentication Client");
  client.keys.tokens = { ...SAMPLE_TOKENS, tokens: [], problems: [] };
  await fireEvent.click(by("look-again"));
  await waitFor(() => expect(by("no-tokens").textContent).toContain("Cắm thiết bị"));
  // A wrong PIN and then the right one: every try is left, and nobody knows of the wrong one.
  client.keys.tokens = tokenOf("Phạm Thị Hoa");
  await fireEvent.click(by("look-again"));
  await waitFor(() => expect(by("token-tries").textContent).toBe("● Còn đủ số lần thử PIN"));
  client.keys.tokens = SAMPLE_TOKENS;
  await fireEvent.click(by("look-again"));
  await waitFor(() => expect(screen.getAllByTestId("token-tries").map((one) => one.textContent)).toEqual([
    "▲ Đã có lần nhập sai PIN; còn ít lần thử", "▲ Còn MỘT lần thử PIN: sai nữa là khóa",
  ]));
  expect(by("tokens-row").textContent).toContain("2 thiết bị");
  expect(screen.getAllByTestId("token")[0]?.textContent).toContain("Phạm Thị Hoa");
  expect(screen.getAllByTestId("token")[1]?.textContent).toContain("không ký được ở đây");
  expect(by("module-problems").textContent).toContain("libeTPkcs11.so: thư viện của thiết bị bị lỗi và dừng");
  expect(document.querySelector("input[type='password']")).toBeNull();
  await expectAccessible();
});

test("whatever ends within 60 days says so where its date stands: on tokens, in the trusted list, the office's authority and its register", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-24T09:41:07+07:00") });
  try {
    const { client } = await openKeys({ tokens: SAMPLE_TOKENS });
    const marks = (within = document.body): (string | null)[] => [...within.querySelectorAll(".detail [data-testid='key-mark']")].map((one) => one.textContent);
    await fireEvent.click(by("tokens-row"));
    await waitFor(() => expect(marks()).toEqual(["● còn 127 ngày", "■ đã hết hạn 24 ngày"]));
    client.keys.trust = SAMPLE_TRUST;
    client.emit("stale", { tags: ["keys"] });
    await fireEvent.click(by("trust-row"));
    await waitFor(() => expect(marks(), "the list's end, or the certificate's own").toEqual(["● còn 402 ngày", "▲ còn 47 ngày", "▲ còn 26 ngày"]));
    await make("61");
    expect([...by("authority-term").querySelectorAll("dd")].map((fact) => fact.textContent?.trim())).toEqual([expect.stringMatching(/ · ● còn 61 ngày$/), "UBND xã Thử Nghiệm, Chứng thực nội bộ UBND xã Thử Nghiệm"]);
    client.keys.office!.issued = [{ serial: "01", subject: "CN=Cũ", algorithm: "ed25519", issued_at: "2024-11-01T08:00:00+07:00", valid_until: "2026-11-01T08:00:00+07:00", revoked_at: null, why: null }];
    client.keys.office!.valid_until = "2027-01-22T09:41:07+07:00";
    client.emit("stale", { tags: ["keys"] });
    await waitFor(() => expect(marks()).toEqual(["▲ còn 59 ngày", "■ đã hết hạn 24 ngày"]));
    expect(by("authority-row").textContent).toContain("▲ còn 59 ngày");
  } finally {
    vi.useRealTimers();
  }
});

test("who chooses a signer sees which certificate ends soon", async () => {
  const soon = new Date(Date.now() + 5.5 * 24 * 3600 * 1000).toISOString();
  const { tokens, ...rest } = tokenOf("Nguyễn Thị Lan");
  const { station } = await open({ waiting: 1, tokens: { ...rest, tokens: tokens.map((one) => ({ ...one, keys: one.keys.map((key) => ({ ...key, valid_until: soon })) })) } });
  await station.desk.switchTo("d0");
  await station.review.begin();
  const [local, token] = [...(await screen.findByTestId("review-signer")).querySelectorAll("option")];
  expect(token?.textContent, "of the one chosen the rest stands below").toBe("Thiết bị BCY-Hoa");
  expect(within(by("review")).getByTestId("key-mark").textContent).toBe("▲ còn 5 ngày");
  expect(local?.textContent).not.toContain("ngày");
  await fireEvent.change(by("review-signer"), { target: { value: local?.value } });
  await waitFor(() => expect(token?.textContent).toBe("Thiết bị BCY-Hoa · Nguyễn Thị Lan · còn 5 ngày"));
});

test.each([
  { own: 400, agency: 12, said: "Chứng thư cơ quan còn 12 ngày", shown: "agency-row" },
  { own: 12, agency: 13, said: "Chứng thư còn 12 ngày", shown: "clerk-row" },
  { own: -3, agency: -40, said: "Chứng thư đã hết hạn", shown: "clerk-row" },
  { own: 30, agency: -1, said: "Chứng thư cơ quan đã hết hạn", shown: "agency-row" },
])("the status line warns of what ends first, the own key or the agency's: $own and $agency days", async ({ own, agency, said, shown }) => {
  const { client } = await open({ daysLeft: own, agency: true });
  client.keys.certificate(2, agency);
  client.emit("stale", { tags: ["keys", "status"] });
  await waitFor(() => expect(by("key-state").textContent?.trim()).toBe((own < 0 || agency < 0 ? "■" : "") + said));
  await fireEvent.click(by("key-state"));
  await waitFor(() => expect(by(shown).getAttribute("aria-current"), "and leads to it").toBe("true"));
});

test("a revoked key: the status line says so, the sheet counts none of its days, and it is chosen for nobody", async () => {
  const { client, station } = await open({ waiting: 1, agency: true, tokens: tokenOf("Phạm Thị Hoa") });
  client.keys.revoke(1);
  await waitFor(() => expect(by("key-state").textContent?.trim()).toBe("■Chứng thư đã bị thu hồi"));
  await station.desk.switchTo("d0");
  await station.review.begin();
  const signer = (await screen.findByTestId("review-signer")) as HTMLSelectElement;
  expect(signer.selectedOptions[0]?.textContent).toBe("Chọn người ký…");
  expect([...signer.options].find((one) => one.textContent?.includes("đã bị thu hồi"))?.disabled).toBe(true);
  expect(by("signer-doubt").textContent).toContain("Khóa ký cục bộ · Nguyễn Thị Lan: chứng thư đã bị thu hồi");
  expect(within(by("review")).queryByTestId("key-mark"), "no days are left").toBeNull();
  expect(screen.queryByTestId("review-pin"), "no PIN is asked for a key that signs no more").toBeNull();
  station.review.focusPin();
  expect(document.activeElement, "the cursor is where another is chosen").toBe(signer);
  await fireEvent.change(signer, { target: { value: signer.options[2]?.value } });
  await waitFor(() => expect(by("signer-doubt").textContent).toContain("tên người khác"));
  expect(by("review-pin")).toBeTruthy();
  client.keys.certificate(1, 400);
  client.keys.revoke(2);
  await waitFor(() => expect(by("key-state").textContent?.trim()).toBe("■Chứng thư cơ quan đã bị thu hồi"));
});

test("a token that is plugged in while the place is open shows by itself", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const { client } = await openKeys();
    await fireEvent.click(by("tokens-row"));
    await waitFor(() => by("no-tokens"));
    client.keys.tokens = SAMPLE_TOKENS;
    await vi.advanceTimersByTimeAsync(EVERY);
    await waitFor(() => expect(screen.getAllByTestId("token")).toHaveLength(2));
    await press("1", true);
    const before = tries(client, "tokens");
    await vi.advanceTimersByTimeAsync(EVERY);
    expect(tries(client, "tokens"), "elsewhere nobody looks").toBe(before);
  } finally {
    vi.useRealTimers();
  }
});

test("whom the counter trusts, for what and until when; how old the lists of revoked ones are; an administrator adds a file", async () => {
  const { client } = await openKeys();
  expect(by("trust-row").textContent).toContain("chưa tin nơi nào");
  await fireEvent.click(by("trust-row"));
  expect(by("no-trust").textContent).toContain("danh sách tin cậy của tỉnh");
  client.failNext.set("read_trust", fault("bad_trust_list", { file: "tinh.toml", line: "7", reason: "until_before_from" }).error);
  await fireEvent.click(by("trust-choose"));
  await waitFor(() => expect(by("notice").textContent).toContain("Danh sách tin cậy tinh.toml có dòng sai (dòng 7)"));
  await fireEvent.click(by("trust-choose"));
  await waitFor(() => expect(screen.getAllByTestId("offered")).toHaveLength(4));
  expect(screen.getAllByTestId("offered")[0]!.textContent, "whom, for what, and what to compare").toMatch(/CA chuyên dùng Chính phủ.*chữ ký.*SHA-256/s);
  expect(tries(client, "add_trust"), "nobody is trusted yet").toBe(0);
  await send("trust", {});
  await done("Đã thêm vào danh sách tin cậy");
  await waitFor(() => expect(screen.getAllByTestId("trusted-row")).toHaveLength(3));
  const row = screen.getAllByTestId("trusted-row")[0]!;
  expect([...row.querySelectorAll("td")].map((cell) => cell.textContent)).toEqual([
    "CA chuyên dùng Chính phủ", "chữ ký", "01/01/2020", expect.stringMatching(/^31\/12\/2027● còn /), expect.stringMatching(/^QĐ 12\/QĐ-UBNDtinh.toml\s+Thôi tin tệp này$/),
  ]);
  const lists = screen.getAllByTestId("trust-about").map((one) => one.textContent?.replace(/\s+/g, " ").trim());
  expect(lists[0]).toMatch(/^Danh sách số 01\/DS của UBND tỉnh Thử Nghiệm.*Danh sách đã quá hạn cập nhật/);
  expect(lists[1], "what was replaced stands last, and asks for nothing").toMatch(/^Danh sách số 07\/DS .* · Đã có danh sách mới hơn thay: không còn ai được tin cậy nhờ danh sách này/);
  expect(by("revocation-row").textContent).toMatch(/CA UBND xã Thử Nghiệm.*20\/10\/2026.*ngày trước.*▲ đã quá hạn cập nhật/s);
  await expectAccessible();
  await fireEvent.click(screen.getAllByTestId("drop-trust")[0]!);
  expect(by("form-drop").textContent).toContain("không tin những nơi ghi trong tệp tinh.toml");
  await send("drop", {});
  await done("Đã bỏ tệp này");
  await waitFor(() => expect(screen.queryAllByTestId("trusted-row").length).toBeLessThan(3));
  await fireEvent.click(by("drop-revocations"));
  expect(by("form-drop").textContent, "what is lost is told").toMatch(/không biết những chứng thư bị thu hồi ghi trong tệp thu-hoi.crl/);
  await send("drop", {});
  await waitFor(() => expect(screen.queryByTestId("revocation-row")).toBeNull());
});

test("the list of the counter's own authority cannot be taken away", async () => {
  const { client } = await openKeys({});
  client.keys.trust = { ...SAMPLE_TRUST, revocations: SAMPLE_TRUST.revocations.map((one) => ({ ...one, own: true })) };
  client.emit("stale", { tags: ["keys"] });
  await fireEvent.click(by("trust-row"));
  await waitFor(() => expect(by("revocation-row")).toBeTruthy());
  expect(screen.queryByTestId("drop-revocations")).toBeNull();
});

test("who is no administrator sees whom the counter trusts, and why nothing can be added", async () => {
  const { client } = await openKeys({ roles: ["clerk"], second: ["administrator"] });
  client.keys.trust = SAMPLE_TRUST;
  client.emit("stale", { tags: ["keys"] });
  await fireEvent.click(by("trust-row"));
  await waitFor(() => expect(screen.getAllByTestId("trusted-row")).toHaveLength(3));
  expect(screen.queryByTestId("form-trust")).toBeNull();
  expect(by("role-note").textContent).toContain("Quản trị");
});

test("the agency's certificate on a token is registered, stands in the list, and is given up again", async () => {
  const { client } = await openKeys({ tokens: SAMPLE_TOKENS });
  await fireEvent.click(by("agency-row"));
  await waitFor(() => expect(by("register-token").textContent).toContain("Thiết bị BCY-UBND · UBND xã Thử Nghiệm"));
  await fireEvent.change(by("register-token"), { target: { value: "0051F7 02" } });
  client.failNext.set("register_agency", fault("bad_certificate", { file: "the.crt", reason: "a_clerks" }).error);
  await send("register", {});
  await refused("của một công chức tại quầy, không phải của cơ quan");
  expect(screen.getAllByTestId("key-refused"), "told beside the form that was sent").toHaveLength(1);
  await send("register", {});
  await done("Đã ghi nhận chứng thư của cơ quan");
  expect(client.calls.find((call) => call.name === "register_agency")?.request).toEqual({ token: { token: "0051F7", key: "02" } });
  await fireEvent.click(await screen.findByTestId("agency-token-row"));
  expect(screen.queryByTestId("do-pin"), "its PIN is the token's").toBeNull();
  await expectAccessible();
  by("do-destroy").focus();
  await fireEvent.click(by("do-destroy"));
  await send("leave", {});
  await done("Đã thôi ghi nhận chứng thư");
  expect(by("agency-token-row").textContent).toContain("đã thôi ghi nhận");
  expect(document.activeElement, "the button is gone: the cursor is in the list").toBe(by("agency-token-row"));
  expect(within(by("key-facts")).queryByTestId("key-mark"), "no days are left to what is given up").toBeNull();
});

test("while a file is chosen or a search works its button keeps the cursor", async () => {
  const { station } = await openKeys();
  await fireEvent.click(by("trust-row"));
  by("trust-choose").focus();
  station.keyring.busy = true;
  await tick();
  expect([enabled("trust-choose"), by("trust-choose").getAttribute("aria-disabled")], "a button that is disabled loses the cursor").toEqual([true, "true"]);
  expect(document.activeElement).toBe(by("trust-choose"));
  station.keyring.busy = false;
  await fireEvent.click(by("tokens-row"));
  station.keyring.looking = true;
  await tick();
  expect(enabled("look-again")).toBe(true);
});

test("a part that is read again: the button goes, the cursor is in the list", async () => {
  const { client, station } = await openKeys();
  client.failNext.set("trust_list", fault("storage", { detail: "thẻ nhớ" }).error);
  await station.keyring.read();
  await fireEvent.click(by("trust-row"));
  const again = within(by("unread-trust")).getByText("Thử lại").closest("button")!;
  again.focus();
  await fireEvent.click(again);
  await waitFor(() => expect(document.activeElement).toBe(by("trust-row")));
});

test.each([
  { why: "key_compromise", may: false, next: "Tạo khóa mới (nút Tạo khóa mới), rồi xin chứng thư" },
  { why: "superseded", may: true, next: "Khóa vẫn dùng được với chứng thư mới" },
] as const)("a certificate revoked, $why: what is of use is offered, the rest says why not, and the next step is told", async ({ why, may, next }) => {
  const { client, station } = await openKeys();
  await make();
  await client.call("certify", { clerk: 1, pin: "2468", authority_pin: "9999", days: 365 });
  await client.call("revoke_certificate", { pin: "9999", serial: client.keys.members[0]!.key.serial, why });
  await station.keyring.read();
  await fireEvent.click(screen.getAllByTestId("clerk-row")[0]!);
  await waitFor(() => expect(by("key-finding").textContent).toContain(next));
  for (const deed of ["request", "export", "certify"]) {
    expect(enabled(`do-${deed}`), deed).toBe(may);
    expect(by(`do-${deed}`).title.includes("không được cấp chứng thư nữa"), deed).toBe(!may);
  }
  expect(enabled("do-import"), "a new key comes in").toBe(true);
  await fireEvent.click(by("do-new"));
  await send("new-key", { "new-key-pin": "2468" });
  await done("Đã tạo khóa mới");
  await waitFor(() => expect(screen.queryByTestId("key-finding"), "it was never revoked").toBeNull());
  expect(enabled("do-certify")).toBe(true);
});

test("a key revoked by somebody else's list: why is not known here, so nothing new is built on it", async () => {
  const { client } = await openKeys({ agency: true });
  client.keys.revoke(2);
  await fireEvent.click(by("agency-row"));
  await waitFor(() => expect(by("key-finding").textContent).toContain("Tạo khóa mới (nút Tạo khóa mới)"));
  expect(enabled("do-request")).toBe(false);
});

test("no PIN at the gate: what is missing is said, and nothing is tried", async () => {
  const { client } = await open({ unlocked: false });
  await unlockWith("");
  await waitFor(() => expect(by("pin-missing").textContent).toContain("Hãy nhập PIN"));
  expect(input("pin").getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(input("pin"));
  expect(tries(client, "unlock")).toBe(0);
  await expectAccessible();
  await unlockWith("1111");
  await waitFor(() => by("refusal"));
  expect(screen.queryByTestId("pin-missing")).toBeNull();
});

test("errors of keys and PINs say what can be done, wherever they are told", () => {
  const said = (kind: ErrorKind, params: Record<string, string> = {}): string => Object.values(words.error(fault(kind, params).error)).join(" ");
  expect(said("wrong_pin"), "an administrator recovers no PIN").toContain("không ai lấy lại được");
  expect(said("bad_certificate", { file: "la.pem", reason: "other_key" }), "no list, no folder: a file was chosen").toBe(
    "Không dùng được tệp la.pem. Lý do: chứng thư của một khóa khác. Chưa có gì thay đổi. Xin nơi cấp đúng tệp rồi chọn lại; nếu tệp đã có sẵn ở quầy thì nhờ người quản trị thay.",
  );
  expect(said("token_pin_wrong", { token: "BCY-Hoa", tries: "few" })).toContain("(thiết bị còn ít lần thử)");
  expect(words.t.keyring.vouched(0), "no issuers are counted where there are none").not.toContain("0");
  expect(said("findings"), "the button as it is called").toContain(words.t.capture.accept);
});

test("two tokens of one serial number are told apart by their labels", async () => {
  const [first] = SAMPLE_TOKENS.tokens;
  const { station } = await openKeys({ tokens: { ...SAMPLE_TOKENS, tokens: [first!, { ...first!, label: "BCY-2" }] } });
  await fireEvent.click(by("tokens-row"));
  await waitFor(() => expect(screen.getAllByTestId("token")).toHaveLength(2));
  expect(keysOn(station.keyring.tokens!).map((one) => one.choice.token)).toEqual(["BCY-Hoa", "BCY-2"]);
  expect(keysOn(SAMPLE_TOKENS).map((one) => one.choice.token)).toEqual(["0045A2", "0051F7"]);
});

test("the place speaks English too, and no Vietnamese is left but names", async () => {
  const { station } = await openKeys({ roles: ["clerk"], second: ["clerk"], tokens: SAMPLE_TOKENS, daysLeft: 20 });
  await press("F10");
  await screen.findByText("Keys and certificates");
  const names = /Nguyễn Thị Lan|Trần Văn Bình|Phạm Thị Hoa|UBND xã Thử Nghiệm|Cơ quan chứng thực số chuyên dùng Chính phủ/g;
  for (const entry of [1, 2, "add", "agency", "tokens", "authority", "trust"] as const) {
    station.keyring.choose(entry);
    await waitFor(() => expect(document.querySelector(".detail h3")).toBeTruthy());
    expect((document.body.textContent ?? "").replaceAll(names, ""), String(entry)).not.toMatch(/[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i);
  }
});

test("the arrows go through the list, and Escape closes a form before anything else", async () => {
  const { station } = await openKeys({ second: ["clerk"] });
  screen.getAllByTestId("clerk-row")[0]?.focus();
  await fireEvent.keyDown(document.activeElement!, { key: "ArrowDown" });
  expect(document.activeElement).toBe(screen.getAllByTestId("clerk-row")[1]);
  await waitFor(() => expect(by("key-facts").textContent).toContain("Trần Văn Bình"));
  for (const entry of ["add-clerk", "agency-row", "tokens-row", "authority-row", "trust-row", "trust-row"]) {
    await fireEvent.keyDown(document.activeElement!, { key: "ArrowDown" });
    expect(document.activeElement).toBe(by(entry));
    expect(by(entry).getAttribute("aria-current")).toBe("true");
  }
  station.keyring.choose(null);
  station.keyring.open("pin");
  await waitFor(() => by("form-change-pin"));
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("form-change-pin")).toBeNull());
  expect(station.place).toBe("keys");
});

test("the list is one stop of Tab, and the place opens on the row that is shown", async () => {
  const { station } = await openKeys({ second: ["clerk"] });
  await waitFor(() => expect(document.activeElement).toBe(screen.getAllByTestId("clerk-row")[0]));
  const stops = (): number => by("keyring-list").querySelectorAll("button:not([tabindex='-1'])").length;
  expect(stops()).toBe(1);
  await fireEvent.keyDown(document.activeElement!, { key: "End" });
  expect([document.activeElement, stops()]).toEqual([by("trust-row"), 1]);
  station.keyring.choose(77);
  await waitFor(() => expect(by("add-clerk").tabIndex, "with no such row the list can still be reached").toBe(0));
});

test("a form takes the cursor to what is to be typed; Esc and success give it back to the button", async () => {
  await openKeys();
  await make();
  await fireEvent.click(screen.getAllByTestId("clerk-row")[0]!);
  const open = async (): Promise<void> => {
    by("do-certify").focus();
    await fireEvent.click(by("do-certify"));
    await waitFor(() => expect(document.activeElement, "not among the days that stand there").toBe(by("certify-pin")));
  };
  await open();
  await press("Escape");
  await waitFor(() => expect(document.activeElement).toBe(by("do-certify")));
  await open();
  await send("certify", { "certify-pin": "2468", "certify-authority": "9999" });
  await done("Đã cấp chứng thư nội bộ");
  await waitFor(() => expect(document.activeElement).toBe(by("do-certify")));
});

test("of two PINs the wrong one is named and has the cursor; without a word about it the first has", async () => {
  const { client } = await openKeys();
  await make();
  await fireEvent.click(screen.getAllByTestId("clerk-row")[0]!);
  await fireEvent.click(by("do-certify"));
  await send("certify", { "certify-pin": "2468", "certify-authority": "1111" });
  await refused("PIN không đúng");
  expect(document.activeElement).toBe(by("certify-authority"));
  expect(by("issue-certify-authority").textContent).toContain("PIN này không đúng");
  expect(screen.queryByTestId("issue-certify-pin"), "the own one was right").toBeNull();
  expect(by("key-refused").textContent).toContain("Mọi ô PIN đã được xóa trắng");
  await send("certify", { "certify-pin": "1111", "certify-authority": "9999" });
  await waitFor(() => expect(document.activeElement).toBe(by("certify-pin")));
  expect(by("key-refused").textContent, "no word of the core's own stands there").not.toContain("own");
  client.failNext.set("certify", fault("wrong_pin").error);
  await send("certify", { "certify-pin": "2468", "certify-authority": "9999" });
  await waitFor(() => expect(screen.queryByTestId("issue-certify-authority")).toBeNull());
  expect(document.activeElement).toBe(by("certify-pin"));
});

test("behind the lock, and after revoking, the cursor is where the work goes on", async () => {
  const { client, station } = await openKeys({ second: ["clerk"] });
  await station.lock();
  await waitFor(() => expect(document.activeElement).toBe(by("pin")));
  await unlockWith("2468");
  await waitFor(() => expect(document.activeElement, "in the list").toBe(screen.getAllByTestId("clerk-row")[0]));
  await make();
  await client.call("issue_certificate", { pin: "9999", days: 365, fingerprint: client.keys.request.fingerprint });
  await fireEvent.click(await screen.findByTestId("do-revoke"));
  await fireEvent.change(by("revoke-why"), { target: { value: "superseded" } });
  await send("revoke", { "revoke-pin": "9999" });
  await done("Đã thu hồi");
  await waitFor(() => expect(document.activeElement, "the list of revoked ones is written next").toBe(by("do-list")));
});

test("what went wrong in Khóa is told until something else is done there, or elsewhere", async () => {
  const { client, station } = await openKeys();
  await make();
  const fail = async (): Promise<void> => {
    client.failNext.set("read_request", fault("bad_certificate", { file: "a.csr", reason: "unreadable" }).error);
    await fireEvent.click(by("do-issue"));
    await waitFor(() => by("notice"));
  };
  const gone = (): Promise<void> => waitFor(() => expect(screen.queryByTestId("notice")).toBeNull());
  await fail();
  await fireEvent.click(by("do-issue"));
  await waitFor(() => by("request"));
  await gone();
  await fail();
  await fireEvent.click(by("do-list"));
  await gone();
  await fail();
  await fireEvent.click(by("tokens-row"));
  await gone();
  await fireEvent.click(by("authority-row"));
  await fail();
  station.go("copies");
  await gone();
});

test("what is typed for the office's authority and in an open form is there again after a look elsewhere, and behind the PIN", async () => {
  const { station } = await openKeys();
  await fireEvent.click(by("authority-row"));
  await fill({ "make-name": "Chứng thực nội bộ", "make-days": "1000", "make-pin": "9999" });
  await press("5", true);
  await press("6", true);
  await waitFor(() => expect([input("make-name").value, input("make-days").value, input("make-pin").value]).toEqual(["Chứng thực nội bộ", "1000", ""]));
  await station.lock();
  await waitFor(() => by("pin"));
  await unlockWith("2468");
  await waitFor(() => expect([input("make-name").value, input("make-days").value]).toEqual(["Chứng thực nội bộ", "1000"]));
  await send("make", { "make-pin": "9999", "make-pin-again": "9999" });
  await done("Đã lập chứng thực nội bộ");
  await fireEvent.click(by("do-list"));
  await fill({ "list-days": "7" });
  await press("5", true);
  await press("6", true);
  await waitFor(() => expect(input("list-days").value).toBe("7"));
  await press("Escape");
  await fireEvent.click(by("do-list"));
  expect(input("list-days").value, "what was given up begins anew").toBe("30");
});

test("what is typed for a new clerk is there again after a look elsewhere, but for the PIN; what was done is told once", async () => {
  const { station } = await openKeys();
  await make();
  await fireEvent.click(by("add-clerk"));
  await fill({ "add-name": "Đỗ Thị Nga", "add-pin": "1357" });
  await fireEvent.click(by("role-signer"));
  await press("5", true);
  await press("6", true);
  await waitFor(() => expect(input("add-name").value).toBe("Đỗ Thị Nga"));
  expect((by("role-signer") as HTMLInputElement).checked).toBe(true);
  expect(input("add-pin").value).toBe("");
  station.keyring.done = { what: "make_authority", file: "", sha256: "" };
  await press("5", true);
  await press("6", true);
  await waitFor(() => by("add-name"));
  expect(screen.queryByTestId("key-done")).toBeNull();
});
