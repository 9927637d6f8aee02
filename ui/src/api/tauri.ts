// The client of the real program. The only file that may import Tauri.
import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { asCoreError, CoreFault, type Client, type Unsubscribe } from "./client";
import type { Events } from "./generated";

function subscribe<T>(event: string, listener: (payload: T) => void): Unsubscribe {
  const listening = listen<T>(event, ({ payload }) => listener(payload));
  return () => void listening.then((stop) => stop());
}

export function tauriClient(): Client {
  // The id is appended by hand: convertFileSrc would escape the slash before it.
  const pages = convertFileSrc("page", "saoy");
  const prepared = convertFileSrc("prepared", "saoy");
  return {
    async call(name, request) {
      try {
        return await invoke(name, { request });
      } catch (thrown) {
        throw new CoreFault(asCoreError(thrown));
      }
    },
    on: <E extends keyof Events>(event: E, listener: (payload: Events[E]) => void) =>
      subscribe<Events[E]>(event, listener),
    pageUrl: (page, width, turns, look) => `${pages}/${encodeURIComponent(page)}?w=${width}&turns=${turns}&look=${encodeURIComponent(look)}`,
    preparedUrl: (picture, page, width) => `${prepared}/${encodeURIComponent(picture)}/${page}?w=${width}`,
  };
}
