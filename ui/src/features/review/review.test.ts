// Twenty papers, one PIN, the keyboard alone; and everything that may come between.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect, test, vi } from "vitest";
import type { SignPapers } from "../../api/generated";
import { fault, finding, MEMORY_PIN, type MemoryClient } from "../../api/memory";
import { noTokens, tokenOf } from "../../api/memory-keys";
import { TOKEN_PIN } from "../../api/memory-review";
import type { Station } from "../../station.svelte";
import { EVERY } from "../session/while-seen";
import { by, expectAccessible, look, lookAtAll, open, press, signWith } from "../../views/at-window";

let station: Station;
let client: MemoryClient;
const looks = (): (string | undefined)[] => screen.getAllByTestId("review-row").map((row) => row.dataset["look"]);
const count = (state: string): string => screen.queryByTestId(`count-${state}`)?.textContent ?? "0";
const action = (): string => by("sign-papers").textContent?.replace(/\s+/g, " ").trim() ?? "";
const signed = (): unknown[] => client.calls.filter((call) => call.name === "sign_papers");

async function begin(waiting: number, prepare: () => void = () => {}): Promise<void> {
  ({ client, station } = await open({ waiting }));
  prepare();
  await station.desk.switchTo("d0");
  await press("k", true);
  await screen.findByTestId("review-stage");
}

test("twenty papers by keyboard alone: looked at page by page, one left out with its reason, one PIN", async () => {
  await begin(20);
  expect(document.activeElement).toBe(by("review-stage"));
  expect(looks()).toEqual(Array(20).fill("waiting"));
  expect(action()).toBe("Hãy xem giấy tờ rồi ký (Space)");
  expect((by("sign-papers") as HTMLButtonElement).disabled).toBe(true);

  // The third paper has two pages: Space shows both before it is looked at.
  for (const _ of [1, 2, 3]) await look();
  expect(by("review-page").dataset["page"]).toBe("1");
  expect(looks().slice(0, 4)).toEqual(["seen", "seen", "waiting", "waiting"]);
  await look();
  expect(looks()[2]).toBe("seen");

  await press("x");
  const reason = by("leave-reason") as HTMLInputElement;
  await waitFor(() => expect(document.activeElement).toBe(reason));
  await fireEvent.submit(reason.form!);
  expect(client.calls.some((call) => call.name === "leave_out"), "no reason, no leaving out").toBe(false);
  await fireEvent.input(reason, { target: { value: "thiếu dấu giáp lai" } });
  await fireEvent.submit(reason.form!);
  await waitFor(() => expect(looks()[3]).toBe("left_out"));
  await expectAccessible();

  await lookAtAll();
  expect(action()).toBe("Ký 19 giấy tờ bằng khóa ký cục bộ của Nguyễn Thị Lan");
  await signWith(MEMORY_PIN);
  await waitFor(() => expect([count("signed"), count("left_out"), count("waiting")]).toEqual(["19", "1", "0"]));
  await waitFor(() => expect(by("verdict").dataset["verdict"]).toBe("valid"));
  await expectAccessible();
  await press("Escape");
  await waitFor(() => expect(screen.queryByTestId("review")).toBeNull());
  expect(client.dossiers[0]?.papers[3]).toMatchObject({ record: null, left_out: "thiếu dấu giáp lai" });
  expect(client.copies).toHaveLength(19);
});

test("a paper left out stays out the next time, and X takes it in again", async () => {
  await begin(2);
  await press("x");
  await fireEvent.input(by("leave-reason"), { target: { value: "mờ" } });
  await fireEvent.submit((by("leave-reason") as HTMLInputElement).form!);
  await waitFor(() => expect(looks()[0]).toBe("left_out"));
  await press("Escape");
  await press("k", true);
  await screen.findByTestId("review-stage");
  expect(looks()).toEqual(["left_out", "waiting"]);
  expect(station.review.index, "the first that waits is shown").toBe(1);
  expect(by("looked").textContent, "what was left out was not looked at").toBe("Đã xem 0 / 1 · để lại 1");
  expect(screen.getByRole("heading", { name: "1 giấy tờ để xem và ký" }), "and the title counts the same").toBeTruthy();
  await press("PageUp");
  expect(by("review-facts").textContent).toContain("Để lại: mờ");
  await press("x");
  await waitFor(() => expect(looks()).toEqual(["waiting", "waiting"]));
  await press("x");
  await waitFor(() => expect((by("leave-reason") as HTMLInputElement).value, "the reason is offered again").toBe("mờ"));
  await fireEvent.input(by("leave-reason"), { target: { value: "mờ, mất góc" } });
  await press("Escape");
  await waitFor(() => expect(document.activeElement, "the keys act again").toBe(by("review-stage")));
  await press("x");
  await waitFor(() => expect((by("leave-reason") as HTMLInputElement).value, "and so is what was typed before Esc").toBe("mờ, mất góc"));
  await press("Escape");
  await press("PageDown");
  await press("x");
  expect((by("leave-reason") as HTMLInputElement).value, "but not of another paper").toBe("");
  await press("Escape");
  await press("Escape");
  await press("g", true);
  const rows = (await screen.findAllByTestId("outbox-row")).map((row) => row.textContent ?? "");
  expect(rows, "the queue tells one from the other").toEqual([
    expect.stringMatching(/Giấy tờ để lại chưa ký.*Để lại: mờ/), expect.stringMatching(/Giấy tờ được nhận ký trở lại/),
  ]);
});

test("arrows move the mark and show the new bytes, which must be looked at again; off the page it does not go", async () => {
  await begin(2);
  await look();
  expect(looks()[0]).toBe("seen");
  await press("PageUp");
  const picture = (): string | undefined => by("review-page").dataset["picture"];
  const before = picture();
  await press("ArrowRight");
  await waitFor(() => expect(picture()).not.toBe(before));
  expect(looks()[0], "other bytes were not looked at").toBe("waiting");
  await press("ArrowLeft");
  await press("ArrowLeft");
  await waitFor(() => expect(by("mark-stuck").textContent).toContain("Dấu không dời thêm được"));
  await press("Home");
  await waitFor(() => expect(screen.queryByTestId("mark-stuck")).toBeNull());
  await press("ArrowLeft");
  await waitFor(() => by("mark-stuck"));
  await press("PageDown");
  expect(screen.queryByTestId("mark-stuck"), "that was the other paper's mark").toBeNull();
});

test("a wrong PIN uses one try of the token, which is told before the next", async () => {
  await begin(3, () => (client.keys.tokens = tokenOf("Nguyễn Thị Lan")));
  expect((by("review-signer") as HTMLSelectElement).value, "the clerk's own token comes before the local key").toBe("0045A2 01");
  expect(by("tries").textContent).toBe("Thiết bị: còn đủ số lần thử PIN");
  await lookAtAll();
  expect(action()).toBe("Ký 3 giấy tờ bằng chứng thư Nguyễn Thị Lan");
  await signWith("000000");
  await waitFor(() => expect(by("review-refused").textContent).toContain("PIN"));
  expect(signed()).toHaveLength(1);
  expect(client.copies).toEqual([]);
  expect(looks(), "nothing was signed, nothing failed").toEqual(["seen", "seen", "seen"]);
  expect(document.activeElement, "at once: the next PIN goes nowhere else").toBe(by("review-pin"));
  await waitFor(() => expect(by("tries").textContent).toBe("Thiết bị: đã có lần nhập sai PIN"));
  await signWith("000000");
  await waitFor(() => expect(by("tries").textContent).toBe("Thiết bị: còn MỘT lần thử PIN"));
  await signWith(TOKEN_PIN);
  await waitFor(() => expect(count("signed")).toBe("3"));
});

test("somebody else's token signs nothing by itself, the clerk's local key does; for the agency its own key", async () => {
  await begin(1, () => (client.keys.tokens = tokenOf("Phạm Thị Hoa")));
  expect((by("review-signer") as HTMLSelectElement).value).toBe(" ");
  expect(by("review-signer").textContent).toContain("Thiết bị BCY-Hoa · Phạm Thị Hoa · tên người khác");
  await fireEvent.change(by("review-signer"), { target: { value: "0045A2 01" } });
  await waitFor(() => expect(by("signer-doubt").textContent).toContain("mang tên người khác với Ông/Bà"));
  await expectAccessible();
  await fireEvent.change(by("review-signer"), { target: { value: " " } });
  await waitFor(() => expect(screen.queryByTestId("signer-doubt")).toBeNull());
  await lookAtAll();
  expect(action()).toBe("Ký 1 giấy tờ bằng khóa ký cục bộ của Nguyễn Thị Lan");
});

test("a token that is pulled out is noticed while the papers are looked at, and one plugged in is offered", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    await begin(1, () => (client.keys.tokens = tokenOf("Nguyễn Thị Lan")));
    await lookAtAll();
    client.keys.tokens = noTokens;
    const asked = (): number => client.calls.filter((call) => call.name === "tokens").length;
    const before = asked();
    await vi.advanceTimersByTimeAsync(EVERY);
    await waitFor(() => expect(by("unplugged").textContent).toContain("Thiết bị BCY-Hoa đã bị rút ra"));
    expect((by("sign-papers") as HTMLButtonElement).disabled).toBe(true);
    expect(looks(), "what was looked at stays looked at").toEqual(["seen"]);
    expect(document.activeElement, "and the cursor where it was").toBe(by("review-pin"));
    await fireEvent.keyDown(by("review-pin"), { key: "Enter" });
    expect(by("review-refused").textContent, "Enter is answered").toMatch(/Không ký được bằng thiết bị BCY-Hoa.*đã bị rút ra.*Cắm lại thiết bị/);
    client.keys.tokens = tokenOf("Nguyễn Thị Lan");
    await vi.advanceTimersByTimeAsync(EVERY);
    await waitFor(() => expect(screen.queryByTestId("unplugged")).toBeNull());
    expect(screen.queryByTestId("review-refused")).toBeNull();
    expect((by("sign-papers") as HTMLButtonElement).disabled).toBe(false);
    expect(asked() - before).toBe(2);
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    await vi.advanceTimersByTimeAsync(EVERY);
    expect(asked() - before, "out of sight nothing is asked").toBe(2);
  } finally {
    Reflect.deleteProperty(document, "visibilityState");
    vi.useRealTimers();
  }
});

test("other bytes than were looked at: the way on has the cursor, and Ctrl+K prepares anew", async () => {
  await begin(2);
  await lookAtAll();
  const stale = async (): Promise<void> => {
    client.failNext.set("sign_papers", fault("review_stale").error);
    await signWith(MEMORY_PIN);
    await waitFor(() => expect(document.activeElement).toBe(by("review-again")));
    await new Promise((done) => setTimeout(done, 50));
    expect(document.activeElement, "it stays there").toBe(by("review-again"));
    expect(by("review-refused").textContent).toContain("Bấm Ctrl+K để chuẩn bị lại");
    expect((by("sign-papers") as HTMLButtonElement).disabled, "no PIN leads anywhere now").toBe(true);
  };
  const prepared = (): number => client.calls.filter((call) => call.name === "review").length;
  await stale();
  await expectAccessible();
  await press("k", true);
  await waitFor(() => expect(screen.queryByTestId("review-refused")).toBeNull());
  expect(prepared()).toBe(2);
  await waitFor(() => expect(document.activeElement, "Space looks again").toBe(by("review-stage")));
  by("review-pin").focus();
  await stale();
  await fireEvent.click(by("review-again"));
  await waitFor(() => expect(prepared()).toBe(3));
  await waitFor(() => expect(document.activeElement).toBe(by("review-stage")));
  await signWith(MEMORY_PIN);
  await waitFor(() => expect(count("signed")).toBe("2"));
});

test("a page that is not drawn is not seen: Space waits and says so, and a picture that fails is asked for again", async () => {
  await begin(1);
  await press(" ");
  expect(by("too-early").textContent).toContain("Trang chưa hiện xong");
  expect(looks()).toEqual(["waiting"]);
  await fireEvent.error(by("review-page"));
  await fireEvent.error(by("review-page"));
  expect(by("undrawn").textContent).toContain("Chưa hiện được hình trang");
  await expectAccessible();
  await press(" ");
  await waitFor(() => by("review-page"));
  expect(looks(), "asked for again, and not yet seen").toEqual(["waiting"]);
  await look();
  expect(looks()).toEqual(["seen"]);
});

test("going back to the last page of a paper and one Space do not make the paper seen", async () => {
  await begin(4);
  await press("PageDown");
  await press("PageDown");
  await press("PageDown");
  await press("Backspace");
  expect([station.review.index, by("review-page").dataset["page"]], "the last page of the third paper").toEqual([2, "1"]);
  await look();
  expect(looks()[2]).toBe("waiting");
  expect(by("review-page").dataset["page"], "its first page was not looked at").toBe("0");
  await look();
  await look();
  expect(looks()[2]).toBe("seen");
});

test("a picture that comes when its page is no longer shown counts for nothing", async () => {
  await begin(4);
  const first = by("review-page");
  await press("PageDown");
  await fireEvent.load(first);
  await press(" ");
  expect(looks()).toEqual(Array(4).fill("waiting"));
});

test("a paper that fails by a fault of its own does not hold up the others, and X leaves it out", async () => {
  await begin(3, () => (client.review.faulty = 2));
  await lookAtAll();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect([count("signed"), count("failed")]).toEqual(["2", "1"]));
  expect(by("outcome").textContent).toContain("Còn giấy tờ không ký được");
  expect(by("paper-error").textContent, "reasons in the clerk's language").toContain("chưa biết người ký này");
  expect(by("way-out").textContent).toContain("nhấn X để lại giấy tờ này");
  by("review-stage").focus();
  await press("x");
  await fireEvent.input(await screen.findByTestId("leave-reason"), { target: { value: "tệp hỏng" } });
  await fireEvent.submit((by("leave-reason") as HTMLInputElement).form!);
  await waitFor(() => expect(looks()).toEqual(["signed", "left_out", "signed"]));
});

test("the key leaves at the twelfth of twenty: eleven are signed, one is named, eight wait, and sign later", async () => {
  await begin(20, () => (client.review.failsAt = 12));
  await lookAtAll();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect([count("signed"), count("failed"), count("waiting")]).toEqual(["11", "1", "8"]));
  expect(looks()).toEqual([...Array(11).fill("signed"), "failed", ...Array(8).fill("seen")]);
  expect(by("paper-error").textContent, "the one is shown, with its reason").toContain("thiết bị đã bị rút ra");
  expect(new Set(screen.getAllByTestId("review-row").slice(10, 13).map((row) => row.querySelector(".look")?.textContent)).size, "each state has its word").toBe(3);
  expect(action()).toBe("Ký 9 giấy tờ bằng khóa ký cục bộ của Nguyễn Thị Lan");
  await signWith(MEMORY_PIN);
  await waitFor(() => expect(count("signed")).toBe("20"));
});

test("another signer means other bytes: the mark bears that name, and all is to be looked at again", async () => {
  await begin(2, () => (client.keys.tokens = tokenOf("Nguyễn Thị Lan")));
  await look();
  await fireEvent.change(by("review-signer"), { target: { value: " " } });
  await waitFor(() => expect(station.review.signer?.tries).toBeNull());
  expect(looks()).toEqual(["waiting", "waiting"]);
  expect(decodeURIComponent(by("review-page").getAttribute("src") ?? "")).toContain("Người sao chụp: Nguyễn Thị Lan");
});

test("another signer changes nothing of what is kept as it came, and the rest is looked at from the first", async () => {
  await begin(4, () => {
    came("valid", "invalid")();
    client.keys.tokens = tokenOf("Nguyễn Thị Lan");
  });
  await look();
  await look();
  await fireEvent.input(by("keep-reason"), { target: { value: "Công dân yêu cầu" } });
  await fireEvent.submit((by("keep-reason") as HTMLInputElement).form!);
  await lookAtAll();
  await fireEvent.change(by("review-signer"), { target: { value: " " } });
  await waitFor(() => expect(station.review.signer?.tries).toBeNull());
  expect(looks()).toEqual(["to_keep", "to_keep", "waiting", "waiting"]);
  expect(station.review.index).toBe(2);
  await lookAtAll();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect([count("signed"), count("kept")], "the reason stayed too").toEqual(["2", "2"]));
});

test("what must be mended first is named and not signed, and nothing there says otherwise", async () => {
  await begin(2, () => client.desks.get("d0")?.pages[0]?.findings.push(finding("a.pdf", "signed_beside_others", "blocking", "")));
  expect(looks()).toEqual(["blocked", "waiting"]);
  expect(by("looked").textContent).toBe("Đã xem 0 / 1 · cần sửa 1");
  await press("PageUp");
  expect(by("bytes").textContent).toBe("");
  expect(by("review-stage").textContent, "no mark to move").not.toContain("dời dấu");
  await press("PageDown");
  expect(by("bytes").textContent).toBe("Đúng từng byte sẽ được ký");
  await lookAtAll();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect([count("signed"), count("blocked")]).toEqual(["1", "1"]));
});

test("nothing waits: that is guidance, and no review", async () => {
  ({ client, station } = await open({}));
  await press("k", true);
  await waitFor(() => expect(station.notices.list).toMatchObject([{ tone: "guidance", error: { kind: "no_pages" } }]));
  expect(screen.queryByTestId("review")).toBeNull();
});

test("where nothing can be signed the button says so", async () => {
  await begin(1, () => client.desks.get("d0")?.pages[0]?.findings.push(finding("a.pdf", "signed_beside_others", "blocking", "")));
  expect(action()).toBe("Không có giấy tờ nào ký được");
  expect(by("review").textContent).not.toContain("Bản đã ký thì không sửa được nữa");
});

test("in the PIN the hints are those of the PIN; Esc goes to the page, and only then out", async () => {
  await begin(2);
  const hints = (): string => by("review-hints").textContent?.replace(/\s+/g, " ").trim() ?? "";
  expect(hints()).toContain("X để lại");
  expect(hints(), "the way out is told").toContain("Esc quay lại bàn");
  expect(hints()).toContain("PgUp PgDn giấy tờ trước, sau");
  expect(by("ahead").textContent).toContain("giấy tờ sau");
  await look();
  expect(by("ahead").textContent, "none comes after it").toBe("Space đã xem, tới ô PIN");
  await lookAtAll();
  await waitFor(() => expect(hints()).toBe("Enter ký Esc về trang"));
  const pin = by("review-pin") as HTMLInputElement;
  pin.value = "24";
  await fireEvent.keyDown(pin, { key: "Escape" });
  expect(document.activeElement).toBe(by("review-stage"));
  expect(pin.value, "half a PIN is left nowhere").toBe("");
  await waitFor(() => expect(hints()).toContain("X để lại"));
  await fireEvent.keyDown(by("review-stage"), { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("review")).toBeNull());
});

test("a PIN before anything was looked at is answered, and not tried", async () => {
  await begin(1);
  await press("k", true);
  const pin = by("review-pin") as HTMLInputElement;
  expect(document.activeElement).toBe(pin);
  await waitFor(() => expect(by("review-hints").textContent, "Enter signs nothing yet").not.toContain("Enter"));
  pin.value = MEMORY_PIN;
  await fireEvent.keyDown(pin, { key: "Enter" });
  expect(by("look-first").textContent).toMatch(/Hãy xem giấy tờ rồi ký.*PIN chưa được thử.*Esc.*Space/);
  expect([pin.value, signed().length]).toEqual(["", 0]);
  await expectAccessible();
  by("review-stage").focus();
  await lookAtAll();
  expect(screen.queryByTestId("look-first")).toBeNull();
});

test("after some were signed the next step is to look at the others and sign them", async () => {
  await begin(4);
  await look();
  by("review-pin").focus();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect([count("signed"), count("waiting")]).toEqual(["1", "3"]));
  const on = by("look-on");
  expect(on.textContent?.trim()).toBe("Xem và ký tiếp 3 giấy tờ");
  await waitFor(() => expect(document.activeElement).toBe(on));
  await expectAccessible();
  await fireEvent.click(on);
  expect([station.review.index, document.activeElement]).toEqual([1, by("review-stage")]);
  await lookAtAll();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect(count("signed")).toBe("4"));
  expect(screen.queryByTestId("look-on")).toBeNull();
});

test("signed by somebody not trusted here: strip, headline and tally say so of every paper, with the next step", async () => {
  await begin(3);
  client.untrusted = true;
  await lookAtAll();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect([count("signed"), count("unknown")]).toEqual(["3", "3"]));
  const marks = (): (string | undefined)[] => screen.getAllByTestId("review-row").map((row) => row.querySelector(".look")?.textContent?.trim());
  expect(marks()).toEqual(Array(3).fill("Đã ký · chưa xác định"));
  expect(by("looked").textContent).toBe("Đã ký 3 · trong đó chưa xác định 3");
  expect(by("outcome").textContent).toContain("chữ ký chưa được xác nhận");
  expect(by("trust-step").textContent).toContain("Khóa ký › Danh sách tin cậy (Ctrl+6)");
  expect(by("review-facts").textContent, "so does the paper shown").toContain("Danh sách tin cậy (Ctrl+6)");
  await expectAccessible();
  await press("6", true);
  client.untrusted = false;
  await press("1", true);
  await waitFor(() => expect(marks(), "verified again where the clerk comes back").toEqual(Array(3).fill("Đã ký · hợp lệ")));
  expect(screen.queryByTestId("trust-step")).toBeNull();
});

test("one Space too many is no part of the PIN", async () => {
  await begin(1);
  await lookAtAll();
  const pin = by("review-pin") as HTMLInputElement;
  expect(await fireEvent.keyDown(pin, { key: " " }), "swallowed").toBe(false);
  pin.value = "24";
  expect(await fireEvent.keyDown(pin, { key: " " }), "what is typed is the clerk's own").toBe(true);
});

test("why there is no time-stamp is told once for all", async () => {
  await begin(3);
  await lookAtAll();
  client.review.unstamped = "no_answer";
  await signWith(MEMORY_PIN);
  await waitFor(() => expect(count("signed")).toBe("3"));
  expect(screen.getAllByTestId("unstamped").map((line) => line.textContent)).toEqual([expect.stringContaining("không trả lời")]);
});

/** The first papers came signed, with signatures of such worth. */
const came = (...worth: string[]) => (): void =>
  worth.forEach((one, i) => client.desks.get("d0")?.pages[i]?.findings.push(finding(`da-ky-${i}.pdf`, "already_signed", one === "invalid" ? "warning" : "notice", one)));

test("a paper that came signed is kept, never told as signed here, and says what its signature is worth", async () => {
  ({ client, station } = await open({ waiting: 3 }));
  came("invalid", "unknown")();
  await station.desk.switchTo("d0");
  await waitFor(() => expect(screen.getAllByTestId("paper-row").map((row) => row.textContent?.includes("đã ký sẵn, sẽ giữ nguyên"))).toEqual([true, true, false]));
  await press("k", true);
  await screen.findByTestId("review-stage");
  expect(by("bytes").textContent).toBe("Đã có chữ ký số: giữ nguyên, không ký thêm");
  expect(by("review-stage").textContent, "no mark to move").not.toContain("dời dấu");
  expect(by("came-signed").textContent).toContain("Không hợp lệ");
  expect(by("came-signed").textContent, "and what it takes").toContain("chỉ nhận khi có lý do");
  expect(by("signer-lines").textContent, "and who signed when").toMatch(/Trần Văn Bình.*24\/11\/2026/);
  expect(by("came-signed").textContent, "and why").toContain("Nội dung đã bị thay đổi sau khi ký");
  const marks = (): (string | undefined)[] => screen.getAllByTestId("review-row").map((row) => row.querySelector(".look")?.textContent?.trim());
  expect(marks(), "the strip warns before it is decided").toEqual(["Chờ xem · đã ký sẵn: không hợp lệ", "Chờ xem · đã ký sẵn: chưa xác định", "Chờ xem"]);
  await look();
  expect(looks()[0], "looking alone does not keep it").toBe("waiting");
  await fireEvent.input(by("keep-reason"), { target: { value: "  " } });
  await fireEvent.submit((by("keep-reason") as HTMLInputElement).form!);
  expect(looks()[0], "nor does an empty reason").toBe("waiting");
  await fireEvent.input(by("keep-reason"), { target: { value: "Công dân yêu cầu nộp bản này" } });
  await press("Escape");
  expect(screen.queryByTestId("keep-reason")).toBeNull();
  await look();
  expect((by("keep-reason") as HTMLInputElement).value, "what was typed is offered again").toBe("Công dân yêu cầu nộp bản này");
  await fireEvent.submit((by("keep-reason") as HTMLInputElement).form!);
  expect(by("came-signed").textContent, "told before it is kept").toContain("Chưa xác định");
  await lookAtAll();
  expect(looks()).toEqual(["to_keep", "to_keep", "seen"]);
  expect(action()).toBe("Ký 1 giấy tờ bằng khóa ký cục bộ của Nguyễn Thị Lan");
  await signWith(MEMORY_PIN);
  await waitFor(() => expect([count("signed"), count("kept")]).toEqual(["1", "2"]));
  expect(looks()).toEqual(["kept", "kept", "signed"]);
  const sent = client.calls.find((call) => call.name === "sign_papers")?.request as SignPapers;
  expect(sent.papers.map((paper) => paper.reason)).toEqual(["Công dân yêu cầu nộp bản này", "", ""]);
  const rows = screen.getAllByTestId("review-row");
  await waitFor(() => expect(rows.map((row) => row.querySelector<HTMLElement>(".look")?.dataset["worth"])).toEqual(["invalid", "unknown", "valid"]));
  expect(rows[0]?.textContent).toContain("Giữ nguyên bản đã ký · không hợp lệ");
  await press("PageUp");
  await press("PageUp");
  await waitFor(() => expect(by("verdict").dataset["verdict"]).toBe("invalid"));
  expect(by("review-facts").textContent, "no level of ours").not.toContain("PAdES");
  expect(by("looked").textContent).toBe("Đã ký 1 · Giữ nguyên 2");
  const told = (row: string): (string | undefined)[] =>
    screen.getAllByTestId(row).map((one) => one.querySelector('[data-testid="kept-mark"]')?.textContent?.replace(/\s+/g, " ").trim());
  const [invalid, unknown] = ["Giữ nguyên bản đã ký · không hợp lệ Vẫn nhận vì: Công dân yêu cầu nộp bản này", "Giữ nguyên bản đã ký · chưa xác định"];
  await press("3", true);
  await waitFor(() => expect(told("copy-row"), "apart from a copy made here").toEqual([undefined, unknown, invalid]));
  await press("g", true);
  await waitFor(() => expect(told("outbox-row")).toEqual([invalid, unknown, undefined]));
});

/** The picture comes, so high to its width of 1400, in a place of 600 × 500. */
async function comes(height: number): Promise<void> {
  const picture = by("review-page");
  Object.defineProperties(picture, { naturalWidth: { value: 1400 }, naturalHeight: { value: height } });
  await fireEvent.load(picture);
}

test("a page like a strip is as wide as its place, and Space reads down to its end before it counts as seen", async () => {
  await begin(2);
  station.review.reading.room = { width: 600, height: 500 };
  await comes(5_940);
  await waitFor(() => expect(by("review-size").dataset["size"]).toBe("width"));
  expect(by("ahead").textContent).toContain("xuống tiếp trang này");
  for (let presses = 0; presses < 5; presses += 1) {
    expect(looks()[0], `after ${presses}`).toBe("waiting");
    await press(" ");
    const read = station.review.reading.y;
    await station.review.lookAtTokens();
    await tick();
    expect(station.review.reading.y, "tokens are looked for, and what is read stays").toBe(read);
  }
  expect(by("ahead").textContent).toContain("đã xem");
  await press(" ");
  expect(looks()).toEqual(["seen", "waiting"]);
  expect(station.review.reading.more, "the next begins at its top").toBe(true);
  await press("PageUp");
  await press(" ");
  expect([station.review.index, looks()[0]], "what was seen is read on as well").toEqual([0, "seen"]);
});

test("a review that opens with larger letters begins at the top, and so does what was moved in the middle of the page", async () => {
  await begin(2);
  const { reading } = station.review;
  const inRoom = async (width: number, height: number): Promise<void> => {
    reading.room = { width, height };
    await tick();
  };
  const atTop = (): boolean => Math.abs(reading.y - (reading.fit.height * reading.scale - reading.room.height) / 2) < 1;
  await inRoom(600, 500);
  await comes(1_980);
  expect(by("review-size").dataset["size"]).toBe("page");
  await press("Escape");
  document.documentElement.style.fontSize = "24px";
  try {
    await press("k", true);
    await screen.findByTestId("review-stage");
    await inRoom(600, 500);
    await inRoom(500, 400);
    await comes(1_980);
    expect(by("review-size").dataset["size"], "only a sliver would be seen").toBe("width");
    expect(atTop()).toBe(true);
    await inRoom(400, 380);
    expect(atTop(), "in a smaller place too").toBe(true);

    await press(" ");
    await press("ArrowRight");
    await waitFor(() => expect(by("review-page").dataset["picture"]).toMatch(/-2$/));
    await comes(1_980);
    expect(atTop(), "the mark is moved where it is seen").toBe(false);
    await press(" ");
    expect(atTop(), "but other bytes are read from their top").toBe(true);
    expect(looks()[0]).toBe("waiting");
  } finally {
    document.documentElement.style.fontSize = "";
  }
});

test("plus and minus, or Z, go through whole page, full width and 100 %; Shift and the arrows move it, the arrows the mark", async () => {
  await begin(1);
  const { reading } = station.review;
  reading.room = { width: 600, height: 500 };
  await comes(1_980);
  const size = (): string | undefined => by("review-size").dataset["size"];
  expect(size()).toBe("page");
  await press("+");
  expect([size(), Math.round(reading.fit.width * reading.scale)]).toEqual(["width", 600]);
  await press("+");
  expect([size(), Math.round(reading.fit.width * reading.scale)]).toEqual(["full", 1400]);
  await press("+");
  expect(size()).toBe("full");
  const [x, y] = [reading.x, reading.y];
  expect(x, "the corner of the mark").toBe(400);
  await fireEvent.keyDown(document.body, { key: "ArrowDown", shiftKey: true });
  await fireEvent.keyDown(document.body, { key: "ArrowRight", shiftKey: true });
  expect([reading.x, reading.y]).toEqual([x - 60, y - 50]);
  expect(client.calls.some((call) => call.name === "nudge_mark"), "the mark stays").toBe(false);
  await press("-");
  await press("-");
  expect(size()).toBe("page");
  await press("z");
  expect(size()).toBe("width");
});

test("what is beside the page scrolls by its own keys", async () => {
  await begin(2);
  const facts = by("review-facts");
  facts.focus();
  for (const key of ["ArrowDown", "PageDown", "Home"]) expect(await fireEvent.keyDown(facts, { key }), `${key} is left to the region`).toBe(true);
  expect([station.review.index, client.calls.some((call) => call.name === "nudge_mark")]).toEqual([0, false]);
  expect(await fireEvent.keyDown(facts, { key: "x" })).toBe(false);
});

test("a signer passed over by the arrows changes nothing until Enter", async () => {
  await begin(2, () => (client.keys.tokens = tokenOf("Nguyễn Thị Lan")));
  await look();
  const signer = by("review-signer") as HTMLSelectElement;
  const prepared = (): number => client.calls.filter((call) => call.name === "review").length;
  await fireEvent.keyDown(signer, { key: "ArrowUp" });
  await fireEvent.change(signer, { target: { value: " " } });
  expect([prepared(), looks()[0]]).toEqual([1, "seen"]);
  expect(by("passing").textContent).toContain("Nhấn Enter để đổi người ký");
  await fireEvent.keyDown(signer, { key: "Enter" });
  await waitFor(() => expect(station.review.signer?.tries).toBeNull());
  expect(prepared()).toBe(2);
});

test("after signing, Space goes on to the next paper, and the head tells how it went", async () => {
  await begin(2);
  await lookAtAll();
  await signWith(MEMORY_PIN);
  await waitFor(() => expect(count("signed")).toBe("2"));
  expect(by("review").textContent).toContain("2 giấy tờ");
  expect(by("review").textContent).not.toContain("để xem và ký");
  await press(" ");
  expect(station.review.index).toBe(1);
  expect(screen.queryByTestId("ahead"), "nothing more").toBeNull();
});
