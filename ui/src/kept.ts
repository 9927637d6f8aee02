// What this window remembers on this machine, and only here: language, keys, look. Storage may be
// switched off; a choice then lasts as long as the window.

/** What was kept under a name, or null. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`saoy.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`saoy.${name}`, value);
  } catch {
    // It lasts as long as the window.
  }
}
