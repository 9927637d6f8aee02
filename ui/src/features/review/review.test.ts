// Twenty papers, one PIN, the keyboard alone; and everything that may come between.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { finding, MEMORY_PIN, type MemoryClient } from "../../api/memory";
import { TOKEN_PIN } from "../../api/memory-review";
import type { Station } from "../../station.svelte";
import { by, expectAccessible, lookAtAll, open, press, signWith } from "../../views/at-window";

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
  expect(action()).toBe("Xem giấy tờ trước (Space)");
  expect((by("sign-papers") as HTMLButtonElement).disabled).toBe(true);

  // The third paper has two pages: Space shows both before it is looked at.
  for (const _ of [1, 2, 3]) await press(" ");
  expect(by("review-page").dataset["page"]).toBe("1");
  expect(looks().slice(0, 4)).toEqual(["seen", "seen", "waiting", "waiting"]);
  await press(" ");
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
  expect(by("review-facts").textContent).toContain("Để lại: mờ");
  await press("x");
  await waitFor(() => expect(looks()).toEqual(["waiting", "waiting"]));
});

test("arrows move the mark and show the new bytes, which must be looked at again; off the page it does not go", async () => {
  await begin(2);
  await press(" ");
  expect(looks()[0]).toBe("seen");
  await press("PageUp");
  const picture = (): string | undefined => by("review-page").dataset["picture"];
  const before = picture();
  await press("ArrowRight");
  await waitFor(() => expect(picture()).not.toBe(before));
  expect(looks()[0], "other bytes were not looked at").toBe("waiting");
  await press("ArrowLeft");
  await press("ArrowLeft");
  await waitFor(() => expect(by("review-refused").textContent).toContain("Dấu không dời thêm được"));
  await press("Home");
  await waitFor(() => expect(screen.queryByTestId("review-refused")).toBeNull());
});

test("a wrong PIN uses one try of the token, which is told before the next", async () => {
  const token = { choice: { token: "0045A2", key: "01" }, name: "Phạm Thị Hoa", label: "BCY-Hoa", valid_until: "2027-03-31T23:59:59+07:00", usable: true, doubt: null };
  await begin(3, () => (client.review.tokens = [{ ...token, tries: "all" }]));
  expect((by("review-signer") as HTMLSelectElement).value, "a token comes before the local key").toBe("0045A2 01");
  expect(by("tries").textContent).toContain("chưa nhập sai PIN");
  await lookAtAll();
  expect(action()).toBe("Ký 3 giấy tờ bằng chứng thư Phạm Thị Hoa");
  await signWith("000000");
  await waitFor(() => expect(by("review-refused").textContent).toContain("PIN"));
  expect(signed()).toHaveLength(1);
  expect(client.copies).toEqual([]);
  expect(looks(), "nothing was signed, nothing failed").toEqual(["seen", "seen", "seen"]);
  await waitFor(() => expect(document.activeElement).toBe(by("review-pin")));
  await signWith(TOKEN_PIN);
  await waitFor(() => expect(count("signed")).toBe("3"));
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
  await begin(2, () => (client.review.tokens = [{ choice: { token: "0045A2", key: "01" }, name: "Phạm Thị Hoa", label: "BCY-Hoa", valid_until: "2027-03-31T23:59:59+07:00", tries: "all", usable: true, doubt: null }]));
  await press(" ");
  await fireEvent.change(by("review-signer"), { target: { value: " " } });
  await waitFor(() => expect(station.review.signer?.tries).toBeNull());
  expect(looks()).toEqual(["waiting", "waiting"]);
  expect(decodeURIComponent(by("review-page").getAttribute("src") ?? "")).toContain("Người sao chụp: Nguyễn Thị Lan");
});

test("what must be mended first is named and not signed", async () => {
  await begin(2, () => client.desks.get("d0")?.pages[0]?.findings.push(finding("a.pdf", "signed_beside_others", "blocking", "")));
  expect(looks()).toEqual(["blocked", "waiting"]);
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
