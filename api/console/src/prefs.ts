/** What this device remembers about its user's wishes. A browser that refuses storage still works. */

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`shouwang.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`shouwang.${name}`, value);
  } catch {
    // Private mode: the wish lasts as long as the page.
  }
}
